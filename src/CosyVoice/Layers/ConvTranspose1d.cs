using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Transposed convolution along time: y[t * stride + j - padding] += W_j x[t], x [time, inputs], weight
/// [inputs, outputs, kernel]; kernel at least stride.
/// </summary>
/// <remarks>
/// The outputs q * stride + r, r in [0, stride), of one q see the same ceil(kernel / stride) inputs and differ in
/// their taps only. So this is a plain convolution with stride * outputs channels, whose row q, read as
/// [stride, outputs], is stride rows of y.
/// </remarks>
public sealed unsafe class ConvTranspose1d : IUpsampling
{
    // Each calling thread has its own, as in PaddedEnds.
    [ThreadStatic]
    private static Tensor? _overhang;

    private readonly PanelMatrix _weight; // [taps * inputs, stride * outputs]
    private readonly float[] _bias; // [stride * outputs], the layer's bias repeated
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;
    private readonly int _taps;

    /// <summary>Reads <c>weight</c> (weight-normed in either naming, or plain) and <c>bias</c> [outputs].</summary>
    public ConvTranspose1d(WeightScope w, int inputs, int outputs, int kernel, int stride, int padding)
        : this(WeightNorm.Read(w, inputs, outputs, kernel), w.Get("bias", outputs).ToFloats(), inputs, outputs, kernel, stride, padding)
    {
    }

    /// <param name="weight">[inputs, outputs, kernel].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public ConvTranspose1d(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int inputs, int outputs, int kernel, int stride, int padding)
    {
        (_inputs, _outputs, _kernel, _stride, _padding) = (inputs, outputs, kernel, stride, padding);
        _taps = (kernel + stride - 1) / stride;
        _bias = new float[bias.IsEmpty ? 0 : stride * outputs];
        for (var i = 0; i < _bias.Length; i++)
        {
            _bias[i] = bias[i % outputs];
        }

        var reordered = new float[_taps * inputs * stride * outputs]; // [taps, inputs, stride, outputs]
        for (var tap = 0; tap < _taps; tap++)
        {
            for (var c = 0; c < inputs; c++)
            {
                for (var r = 0; r < stride; r++)
                {
                    var j = ((_taps - 1 - tap) * stride) + r; // the earliest input of a window has the latest tap
                    for (var n = 0; n < outputs && j < kernel; n++)
                    {
                        reordered[(((((tap * inputs) + c) * stride) + r) * outputs) + n] = weight[(((c * outputs) + n) * kernel) + j];
                    }
                }
            }
        }

        _weight = new PanelMatrix();
        _weight.Pack(reordered, _taps * inputs, stride * outputs, stride * outputs);
    }

    /// <summary>x [time, inputs] to y [(time - 1) * stride - 2 * padding + kernel, outputs]; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        if (x.Columns != _inputs)
        {
            throw new ArgumentException($"x has {x.Columns} channels, the layer {_inputs} inputs.", nameof(x));
        }

        y.Resize(Math.Max(0, ((x.Rows - 1) * _stride) - (2 * _padding) + _kernel), _outputs);
        var blocks = x.Rows + _taps - 1; // of stride rows each; the first begins `padding` rows before y does
        var first = Math.Min(blocks, (_padding + _stride - 1) / _stride);
        var end = Math.Max(first, Math.Min(blocks, (y.Rows + _padding) / _stride));
        var windows = PaddedEnds.Windows(x, blocks, _taps, 1, 1, _taps - 1);

        // Blocks [first, end) lie inside y and are written where they belong, the others aside.
        var width = _weight.Columns;
        var aside = _overhang ??= new Tensor();
        aside.Resize(first + blocks - end, width);
        Run(0, first, aside.Pointer);
        Run(first, end, y.Pointer + ((((long)first * _stride) - _padding) * _outputs));
        Run(end, blocks, aside.Pointer + ((long)first * width));
        for (var block = 0; block < first; block++)
        {
            CopyInside(aside.Row(block), (block * _stride) - _padding, y);
        }

        for (var block = end; block < blocks; block++)
        {
            CopyInside(aside.Row(first + block - end), (block * _stride) - _padding, y);
        }

        GC.KeepAlive(x);

        void Run(int from, int to, float* target)
        {
            if (from < to)
            {
                Products.Multiply(workers, windows.Skip(from), _weight, _bias, 0, target, width, to - from);
            }
        }
    }

    public void Dispose() => _weight.Dispose();

    /// <summary>Copies those rows of block [stride, outputs], the first of which is row <paramref name="at"/> of y, that y has.</summary>
    private void CopyInside(ReadOnlySpan<float> block, int at, Tensor y)
    {
        var from = Math.Clamp(-at, 0, _stride);
        var to = Math.Clamp(y.Rows - at, from, _stride);
        if (from < to)
        {
            block[(from * _outputs)..(to * _outputs)].CopyTo(y.RowRange(at + from, to - from));
        }
    }
}
