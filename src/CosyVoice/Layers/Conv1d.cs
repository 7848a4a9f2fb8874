using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Convolution along time: y[t] = b + sum over taps j of W_j x[t * stride + j * dilation - padLeft], x [time, inputs].
/// With groups, output channels of group g see the input channels of group g only.
/// </summary>
/// <remarks>
/// Time is the row of x, so that a window is a few whole rows and the convolution is one matrix product whose
/// left-hand rows overlap; nothing is unfolded.
/// </remarks>
public sealed unsafe class Conv1d : IDisposable
{
    private readonly PanelMatrix[] _weights; // per group, [kernel * inputs / groups, outputs / groups]
    private readonly float[] _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _dilation;

    /// <summary>
    /// Reads <c>weight</c> [outputs, inputs / groups, kernel] (weight-normed in either naming, or plain) and <c>bias</c> [outputs].
    /// </summary>
    public Conv1d(WeightScope w, int inputs, int outputs, int kernel, int stride = 1, int dilation = 1, bool bias = true, int groups = 1)
        : this(
            WeightNorm.Read(w, outputs, inputs / groups, kernel), bias ? w.Get("bias", outputs).ToFloats() : [],
            inputs, outputs, kernel, stride, dilation, groups)
    {
    }

    /// <param name="weight">[outputs, inputs / groups, kernel].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public Conv1d(
        ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs, int kernel, int stride = 1, int dilation = 1, int groups = 1)
    {
        if (inputs % groups != 0 || outputs % groups != 0)
        {
            throw new ArgumentException($"{inputs} inputs and {outputs} outputs cannot be divided into {groups} groups.", nameof(groups));
        }

        (_inputs, _outputs, _kernel, _stride, _dilation, _bias) = (inputs, outputs, kernel, stride, dilation, bias);
        _weights = new PanelMatrix[groups];
        var size = weight.Length / groups;
        for (var g = 0; g < groups; g++)
        {
            _weights[g] = Pack(weight.Slice(g * size, size), inputs / groups, outputs / groups, kernel);
        }
    }

    /// <summary>
    /// x [time, inputs] to y [(time + padLeft + padRight - dilation * (kernel - 1) - 1) / stride + 1, outputs]; y is
    /// resized. Padding is zeros.
    /// </summary>
    public void Forward(Workers workers, Tensor x, Tensor y, int padLeft, int padRight)
    {
        y.Resize(OutputRows(x, padLeft, padRight), _outputs);
        Run(workers, x, y, padLeft, accumulate: false);
    }

    /// <summary>Adds the result to y, which has its shape already.</summary>
    public void Add(Workers workers, Tensor x, Tensor y, int padLeft, int padRight)
    {
        var rows = OutputRows(x, padLeft, padRight);
        if (y.Rows != rows || y.Columns != _outputs)
        {
            throw new ArgumentException($"y is [{y.Rows}, {y.Columns}], the result [{rows}, {_outputs}].", nameof(y));
        }

        Run(workers, x, y, padLeft, accumulate: true);
    }

    /// <summary>Input rows, padding included, that <paramref name="rows"/> successive outputs read.</summary>
    public int WindowRows(int rows) => ((rows - 1) * _stride) + (_dilation * (_kernel - 1)) + 1;

    /// <summary>
    /// Computes outputs from a window that holds its padding already, on the calling thread: for a caller that
    /// fills the window block by block with something better than a copy. Not for a layer with groups.
    /// </summary>
    /// <param name="window">[WindowRows(rows), inputs].</param>
    /// <param name="y">[rows, outputs].</param>
    public void ForwardWindow(float* window, int rows, float* y, bool accumulate = false) =>
        MatMul.Multiply(
            window, (long)_stride * _inputs, _kernel, (long)_dilation * _inputs, _weights[0], _bias,
            y, _outputs, 0, rows, accumulate);

    public void Dispose()
    {
        foreach (var weight in _weights)
        {
            weight.Dispose();
        }
    }

    private static PanelMatrix Pack(ReadOnlySpan<float> weight, int inputs, int outputs, int kernel)
    {
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

        var packed = new PanelMatrix();
        packed.PackTransposed(reordered, kernel * inputs, outputs, kernel * inputs);
        return packed;
    }

    private int OutputRows(Tensor x, int padLeft, int padRight)
    {
        if (x.Columns != _inputs)
        {
            throw new ArgumentException($"x has {x.Columns} channels, the layer {_inputs} inputs.", nameof(x));
        }

        var free = x.Rows + padLeft + padRight - (_dilation * (_kernel - 1)) - 1;
        return free < 0 ? 0 : (free / _stride) + 1;
    }

    private void Run(Workers workers, Tensor x, Tensor y, int padLeft, bool accumulate)
    {
        var windows = PaddedEnds.Windows(x, y.Rows, _kernel, _stride, _dilation, padLeft);
        var (inputs, outputs) = (_inputs / _weights.Length, _outputs / _weights.Length);
        for (var g = 0; g < _weights.Length; g++)
        {
            Products.Multiply(
                workers, windows.Shift(g * inputs), _weights[g], _bias, g * outputs, y.Pointer + (g * outputs), y.Columns, y.Rows, accumulate);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }
}
