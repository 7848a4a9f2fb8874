using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Transposed convolution along time: y[t * stride + j - padding] += W_j x[t], x [time, inputs], weight
/// [inputs, outputs, kernel]; kernel at least stride.
/// </summary>
public sealed unsafe class ConvTranspose1d : IDisposable
{
    private readonly float[] _weight;
    private readonly float[] _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <summary>Reads <c>weight</c> (weight-normed in either naming, or plain) and <c>bias</c> [outputs].</summary>
    public ConvTranspose1d(WeightScope w, int inputs, int outputs, int kernel, int stride, int padding)
    {
        (_inputs, _outputs, _kernel, _stride, _padding) = (inputs, outputs, kernel, stride, padding);
        _weight = WeightNorm.Read(w, inputs, outputs, kernel);
        _bias = w.Get("bias", outputs).ToFloats();
    }

    /// <summary>x [time, inputs] to y [(time - 1) * stride - 2 * padding + kernel, outputs]; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        y.Resize(((x.Rows - 1) * _stride) - (2 * _padding) + _kernel, _outputs);
        for (var row = 0; row < y.Rows; row++)
        {
            _bias.CopyTo(y.Row(row));
        }

        for (var t = 0; t < x.Rows; t++)
        {
            for (var j = 0; j < _kernel; j++)
            {
                var target = (t * _stride) + j - _padding;
                if ((uint)target >= (uint)y.Rows)
                {
                    continue;
                }

                for (var c = 0; c < _inputs; c++)
                {
                    for (var n = 0; n < _outputs; n++)
                    {
                        y.Row(target)[n] += x.Row(t)[c] * _weight[(((c * _outputs) + n) * _kernel) + j];
                    }
                }
            }
        }
    }

    public void Dispose() { }
}
