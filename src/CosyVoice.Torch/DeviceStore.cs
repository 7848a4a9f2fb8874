using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch;

/// <summary>The tensors that a network keeps on its device, in one type, until it is disposed.</summary>
internal sealed class DeviceStore(TorchWeights weights) : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    public Device Device => weights.Device;

    public ScalarType Type => weights.Type;

    /// <summary>Builds a network; what it has brought to the device goes again when that fails.</summary>
    public static T Fill<T>(TorchWeights weights, Func<DeviceStore, T> create)
    {
        // libtorch rounds what convolutions of fp32 multiply to 10 bits unless told otherwise, in the whole process.
        (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32) = (false, false);
        var store = new DeviceStore(weights);
        try
        {
            return create(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The stored tensor of this name and shape.</summary>
    public Tensor Get(WeightScope w, string name, params int[] shape) => Keep(weights.Get(w, name, shape));

    /// <summary>A tensor that was computed, [shape].</summary>
    public Tensor From(ReadOnlySpan<float> values, params long[] shape) => Keep(weights.From(values, shape));

    /// <summary>A tensor that is on the device already.</summary>
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

        _tensors.Clear();
    }
}
