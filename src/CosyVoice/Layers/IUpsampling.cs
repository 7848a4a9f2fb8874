using CosyVoice.Kernels;

namespace CosyVoice.Layers;

/// <summary>A convolution that makes several rows of every row.</summary>
internal interface IUpsampling : IDisposable
{
    /// <summary>x [time, inputs] to y [time * rate, outputs]; y is resized.</summary>
    void Forward(Workers workers, Tensor x, Tensor y);
}
