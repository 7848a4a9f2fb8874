using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch;

/// <summary>The tensors that a network keeps on its device, in one type, until it is disposed.</summary>
/// <param name="budget">That it shares with the model's other networks.</param>
internal sealed class DeviceStore(TorchWeights weights, DeviceBudget budget) : IDisposable
{
    private readonly List<Tensor> _tensors = [];
    private long _bytes;

    public DeviceBudget Budget => budget;

    public Device Device => weights.Device;

    public ScalarType Type => weights.Type;

    /// <summary>Builds a network; what it has brought to the device goes again when that fails.</summary>
    public static T Fill<T>(TorchWeights weights, DeviceBudget budget, Func<DeviceStore, T> create)
    {
        // libtorch rounds what convolutions of fp32 multiply to 10 bits unless told otherwise, in the whole process.
        (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32) = (false, false);
        var store = new DeviceStore(weights, budget);
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

    /// <summary>The same, to compute with for a moment: the caller disposes it.</summary>
    public Tensor Borrow(WeightScope w, string name, params int[] shape) => weights.Get(w, name, shape);

    /// <summary>A tensor that was computed, [shape].</summary>
    public Tensor From(ReadOnlySpan<float> values, params long[] shape) => Keep(weights.From(values, shape));

    /// <summary>A tensor that is on the device already.</summary>
    /// <exception cref="TorchMemoryException">It exceeds the budget.</exception>
    public Tensor Keep(Tensor tensor)
    {
        var bytes = tensor.NumberOfElements * tensor.ElementSize;
        KeepView(tensor);
        budget.Take(bytes);
        _bytes += bytes;
        return tensor;
    }

    /// <summary>Another way to see the memory of a tensor that is kept.</summary>
    public Tensor KeepView(Tensor tensor)
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
        budget.Return(_bytes);
        _bytes = 0;
    }
}
