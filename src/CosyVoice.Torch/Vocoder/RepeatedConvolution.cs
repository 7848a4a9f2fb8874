using CosyVoice.Layers;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// Every row as often as the rate says, then a convolution that looks back only. As <see cref="RepeatedConv1d"/>, a plain
/// convolution with the outputs of all <c>rate</c> rows side by side.
/// </summary>
internal sealed class RepeatedConvolution : IDeviceUpsampling
{
    private readonly TorchConvolution _conv;
    private readonly int _outputs;
    private readonly int _rate;

    /// <param name="factor">What the input is multiplied by first.</param>
    public RepeatedConvolution(DeviceStore store, WeightScope w, int inputs, int outputs, int kernel, int rate, float factor)
    {
        (_outputs, _rate) = (outputs, rate);
        var taps = RepeatedConv1d.Taps(kernel, rate);
        var joined = RepeatedConv1d.Join(WeightNorm.Read(w, outputs, inputs, kernel), inputs, outputs, kernel, rate);
        var bias = w.Get("bias", outputs).ToFloats();
        _conv = new TorchConvolution(
            store, TorchConvolution.Scaled(joined, factor), [.. Enumerable.Range(0, rate).SelectMany(_ => bias)], inputs, taps, (taps - 1, 0));
    }

    public Tensor Apply(Tensor x)
    {
        var rows = x.shape[2];
        return _conv.Apply(x).unflatten(1, [_rate, _outputs]).permute(0, 2, 3, 1).reshape(x.shape[0], _outputs, rows * _rate);
    }
}
