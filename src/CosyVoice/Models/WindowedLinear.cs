using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// y_i = b + W [x_(i-taps+1), ..., x_i]. One tap is a linear layer, several are a causal convolution whose zeros are
/// rows that stand before the first frame. Works on a range of rows, so that a caller can run a whole
/// chain of layers over one strip after another.
/// </summary>
internal sealed unsafe class WindowedLinear : IDisposable
{
    /// <summary>
    /// Rows in a strip: enough to pay for reading the weights from the shared cache, few enough that what a chain
    /// of layers hands on stays in a core's own.
    /// </summary>
    public const int StripRows = 96;

    /// <summary>The matrix product wastes nothing on multiples of this many rows.</summary>
    public const int TileRows = 12;

    private readonly PanelMatrix _weight = new(); // [taps * inputs, outputs]
    private readonly float[] _bias; // [outputs], or empty
    private readonly int _inputs;
    private readonly int _taps;

    /// <param name="weight">[outputs, taps * inputs], the earliest row first.</param>
    private WindowedLinear(ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs, int taps)
    {
        (_bias, _inputs, _taps) = (bias, inputs, taps);
        _weight.PackTransposed(weight, taps * inputs, outputs, taps * inputs);
    }

    /// <summary>Reads <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs].</summary>
    public static WindowedLinear Linear(WeightScope w, int inputs, int outputs, bool bias = true) =>
        new(w.Get("weight", outputs, inputs).ToFloats(), Bias(w, outputs, bias), inputs, outputs, 1);

    /// <summary>Several layers of one input side by side: reads the <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs] of each.</summary>
    public static WindowedLinear Joined(IReadOnlyList<WeightScope> parts, int inputs, int outputs) => new(
        parts.SelectMany(part => part.Get("weight", outputs, inputs).ToFloats()).ToArray(),
        parts.SelectMany(part => Bias(part, outputs, true)).ToArray(),
        inputs, outputs * parts.Count, 1);

    /// <summary>The same, each layer's weight and bias times a factor.</summary>
    public static WindowedLinear Joined(IReadOnlyList<(WeightScope Scope, float Factor)> parts, int inputs, int outputs) => new(
        parts.SelectMany(part => part.Scope.Get("weight", outputs, inputs).ToFloats().Select(value => value * part.Factor)).ToArray(),
        parts.SelectMany(part => Bias(part.Scope, outputs, true).Select(value => value * part.Factor)).ToArray(),
        inputs, outputs * parts.Count, 1);

    /// <summary>The same without bias, each layer's weight times a factor.</summary>
    public static WindowedLinear JoinedWithoutBias(IReadOnlyList<(WeightScope Scope, float Factor)> parts, int inputs, int outputs) => new(
        parts.SelectMany(part => part.Scope.Get("weight", outputs, inputs).ToFloats().Select(value => value * part.Factor)).ToArray(),
        [], inputs, outputs * parts.Count, 1);

    /// <summary>As <see cref="Linear"/>, for an input whose blocks of <paramref name="block"/> columns stand in another order.</summary>
    /// <param name="order">The stored block that each block of the input meets.</param>
    public static WindowedLinear LinearOfBlocks(WeightScope w, int block, IReadOnlyList<int> order, int outputs)
    {
        var inputs = order.Count * block;
        var stored = w.Get("weight", outputs, inputs).ToFloats();
        var weight = new float[stored.Length];
        for (var i = 0; i < weight.Length; i += block)
        {
            stored.AsSpan((i / inputs * inputs) + (order[i % inputs / block] * block), block).CopyTo(weight.AsSpan(i));
        }

        return new(weight, Bias(w, outputs, true), inputs, outputs, 1);
    }

    /// <summary>Reads <c>weight</c> [outputs, inputs, taps] and <c>bias</c> [outputs].</summary>
    public static WindowedLinear Convolution(WeightScope w, int inputs, int outputs, int taps)
    {
        var stored = w.Get("weight", outputs, inputs, taps).ToFloats();
        var weight = new float[stored.Length]; // [outputs, taps, inputs]
        for (var n = 0; n < outputs; n++)
        {
            for (var c = 0; c < inputs; c++)
            {
                for (var j = 0; j < taps; j++)
                {
                    weight[(((n * taps) + j) * inputs) + c] = stored[(((n * inputs) + c) * taps) + j];
                }
            }
        }

        return new(weight, Bias(w, outputs, true), inputs, outputs, taps);
    }

    /// <summary>
    /// From the windows that end at rows [start, end) of x [rows, inputs] to the same rows of y [rows, outputs], or
    /// to rows <paramref name="shift"/> further down.
    /// </summary>
    /// <param name="accumulate">Adds to y instead of replacing it.</param>
    public void Apply(Tensor x, Tensor y, int start, int end, int shift = 0, bool accumulate = false)
    {
        if (x.Columns != _inputs || y.Columns != _weight.Columns)
        {
            throw new ArgumentException($"{x.Columns} to {y.Columns} columns through a layer of {_inputs} to {_weight.Columns}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(start, Math.Max(_taps - 1, -shift));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Math.Min(x.Rows, y.Rows - shift));
        MatMul.Multiply(
            x.Pointer - ((long)(_taps - 1) * _inputs), _inputs, _taps, _inputs, _weight, _bias,
            y.Pointer + ((long)shift * y.Columns), y.Columns, start, end, accumulate);
    }

    /// <summary>All rows of a one-tap layer; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        y.Resize(x.Rows, _weight.Columns);
        workers.ForRows(x.Rows, WindowedLinear.StripRows, (start, end) => Apply(x, y, start, end));
    }

    public void Dispose() => _weight.Dispose();

    private static float[] Bias(WeightScope w, int outputs, bool bias) => bias ? w.Get("bias", outputs).ToFloats() : [];
}
