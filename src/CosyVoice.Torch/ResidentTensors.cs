using static TorchSharp.torch;

namespace CosyVoice.Torch;

/// <summary>Tensors that stay on a device until their owner goes.</summary>
internal sealed class ResidentTensors : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>Takes a tensor out of the scope it was made in.</summary>
    public Tensor Keep(Tensor tensor)
    {
        _tensors.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }
    }
}
