using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>A convolution that makes several rows of every row.</summary>
internal interface IDeviceUpsampling
{
    /// <summary>x [1, inputs, time] to [1, outputs, time * rate].</summary>
    Tensor Apply(Tensor x);
}
