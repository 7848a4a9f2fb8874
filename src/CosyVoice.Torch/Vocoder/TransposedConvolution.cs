using CosyVoice.Layers;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Vocoder;

/// <summary>Transposed convolution along time: y[t * stride + j - padding] += W_j x[t].</summary>
/// <param name="factor">What the input is multiplied by first.</param>
internal sealed class TransposedConvolution(DeviceStore store, WeightScope w, int inputs, int outputs, int taps, int stride, float factor) : IDeviceUpsampling
{
    private readonly Tensor _weight = store.From(TorchConvolution.Scaled(WeightNorm.Read(w, inputs, outputs, taps), factor), inputs, outputs, taps);
    private readonly Tensor _bias = store.Get(w, "bias", outputs);

    public Tensor Apply(Tensor x) => functional.conv_transpose1d(x, _weight, _bias, stride, (taps - stride) / 2);
}
