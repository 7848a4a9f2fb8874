using CosyVoice.Models;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;

namespace CosyVoice.Torch.Vocoder;

/// <summary>Shows what is on the device to a trace.</summary>
internal sealed class TorchHiftTrace(HiftTrace trace)
{
    /// <param name="x">[batch, channels, time].</param>
    public void Record(string name, Tensor x)
    {
        using var scope = NewDisposeScope();
        using var shown = HostTensor.From(x.select(0, 0).transpose(0, 1).ToFloats(), (int)x.shape[2], (int)x.shape[1]);
        trace(name, shown);
    }
}
