using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Convolution along time: y[t] = b + sum over taps j of W_j x[t * stride + j * dilation - padLeft], x [time, inputs].
/// </summary>
public sealed unsafe class Conv1d : IDisposable
{
    private readonly PanelMatrix _weight = new(); // [kernel * inputs, outputs]
    private readonly float[] _bias;
    private readonly int _inputs;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _dilation;

    /// <summary>Reads <c>weight</c> [outputs, inputs, kernel] (weight-normed in either naming, or plain) and <c>bias</c> [outputs].</summary>
    public Conv1d(WeightScope w, int inputs, int outputs, int kernel, int stride = 1, int dilation = 1, bool bias = true)
        : this(WeightNorm.Read(w, outputs, inputs, kernel), bias ? w.Get("bias", outputs).ToFloats() : [], inputs, outputs, kernel, stride, dilation)
    {
    }

    /// <param name="weight">[outputs, inputs, kernel].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public Conv1d(ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs, int kernel, int stride = 1, int dilation = 1)
    {
        (_inputs, _kernel, _stride, _dilation, _bias) = (inputs, kernel, stride, dilation, bias);
        var reordered = new float[weight.Length]; // [outputs, kernel, inputs]
        for (var n = 0; n < outputs; n++)
        {
            for (var c = 0; c < inputs; c++)
            {
                for (var j = 0; j < kernel; j++)
                {
                    reordered[(((n * kernel) + j) * inputs) + c] = weight[(((n * inputs) + c) * kernel) + j];
                }
            }
        }

        _weight.PackTransposed(reordered, kernel * inputs, outputs, kernel * inputs);
    }

    /// <summary>
    /// x [time, inputs] to y [(time + padLeft + padRight - dilation * (kernel - 1) - 1) / stride + 1, outputs]; y is
    /// resized. Padding is zeros.
    /// </summary>
    public void Forward(Workers workers, Tensor x, Tensor y, int padLeft, int padRight)
    {
        if (x.Columns != _inputs)
        {
            throw new ArgumentException($"x has {x.Columns} channels, the layer {_inputs} inputs.", nameof(x));
        }

        using var padded = new Tensor(x.Rows + padLeft + padRight, _inputs);
        x.Span.CopyTo(padded.RowRange(padLeft, x.Rows));
        y.Resize(((padded.Rows - (_dilation * (_kernel - 1)) - 1) / _stride) + 1, _weight.Columns);
        MatMul.Multiply(
            padded.Pointer, (long)_stride * _inputs, _kernel, (long)_dilation * _inputs, _weight, _bias,
            y.Pointer, y.Columns, 0, y.Rows);
    }

    /// <summary>Input rows, padding included, that <paramref name="rows"/> successive outputs read.</summary>
    public int WindowRows(int rows) => ((rows - 1) * _stride) + (_dilation * (_kernel - 1)) + 1;

    /// <summary>
    /// Computes outputs from a window that holds its padding already, on the calling thread: for a caller that
    /// fills the window block by block with something better than a copy.
    /// </summary>
    /// <param name="window">[WindowRows(rows), inputs].</param>
    /// <param name="y">[rows, outputs].</param>
    public void ForwardWindow(float* window, int rows, float* y, bool accumulate = false) =>
        MatMul.Multiply(
            window, (long)_stride * _inputs, _kernel, (long)_dilation * _inputs, _weight, _bias,
            y, _weight.Columns, 0, rows, accumulate);

    public void Dispose() => _weight.Dispose();
}
