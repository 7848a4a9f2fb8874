using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>A convolution that makes several rows of every row.</summary>
internal interface IDeviceUpsampling
{
    /// <summary>x [batch, inputs, time] to [batch, outputs, time * rate].</summary>
    Tensor Apply(Tensor x);
}
