using CosyVoice.Layers;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// Convolution along time, x [batch, inputs, time]. The zeros that a convolution adds are as many on both sides; of those that only
/// one side is to have, the others give rows behind the last, which are cut off.
/// </summary>
internal sealed class TorchConvolution
{
    private readonly Tensor _weight; // [outputs, inputs, taps]
    private readonly Tensor _bias; // [outputs]
    private readonly int _taps;
    private readonly int _stride;
    private readonly int _dilation;
    private readonly (int Left, int Right) _padding;

    /// <summary>Reads <c>weight</c> [outputs, inputs, taps] (weight-normed in either naming, or plain) and <c>bias</c> [outputs].</summary>
    /// <param name="factor">What the input is multiplied by first, on its way into the weights.</param>
    public TorchConvolution(
        DeviceStore store, WeightScope w, int inputs, int outputs, int taps, (int Left, int Right) padding,
        int stride = 1, int dilation = 1, float factor = 1)
        : this(
            store, Scaled(WeightNorm.Read(w, outputs, inputs, taps), factor), w.Get("bias", outputs).ToFloats(),
            inputs, taps, padding, stride, dilation)
    {
    }

    /// <param name="weight">[outputs, inputs, taps].</param>
    /// <param name="bias">[outputs].</param>
    public TorchConvolution(
        DeviceStore store, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int inputs, int taps, (int Left, int Right) padding,
        int stride = 1, int dilation = 1)
    {
        (_taps, _padding, _stride, _dilation) = (taps, padding, stride, dilation);
        _weight = store.From(weight, bias.Length, inputs, taps);
        _bias = store.From(bias, bias.Length);
    }

    public static float[] Scaled(float[] weight, float factor) => factor == 1 ? weight : [.. weight.Select(value => value * factor)];

    /// <summary>x [batch, inputs, time] to [batch, outputs, (time + padding - dilation * (taps - 1) - 1) / stride + 1].</summary>
    public Tensor Apply(Tensor x)
    {
        var rows = ((x.shape[2] + _padding.Left + _padding.Right - (_dilation * (_taps - 1)) - 1) / _stride) + 1;
        if (_padding.Left < _padding.Right)
        {
            // Too many zeros on the left: their rows are the first.
            var y = functional.conv1d(x, _weight, _bias, _stride, _padding.Right, _dilation);
            return y.narrow(2, (_padding.Right - _padding.Left) / _stride, rows);
        }

        return functional.conv1d(x, _weight, _bias, _stride, _padding.Left, _dilation).narrow(2, 0, rows);
    }
}
