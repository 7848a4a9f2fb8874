using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>What the layers of a flow are made with: the tensors on the device, and how they multiply.</summary>
internal sealed class FlowStore(DeviceStore store, int width)
{
    public Device Device => store.Device;

    public ScalarType Type => store.Type;

    public SequenceProducts Products { get; } = new(width);

    public Tensor Get(WeightScope w, string name, params int[] shape) => store.Get(w, name, shape);

    public Tensor Borrow(WeightScope w, string name, params int[] shape) => store.Borrow(w, name, shape);

    public Tensor From(ReadOnlySpan<float> values, params long[] shape) => store.From(values, shape);

    public Tensor Keep(Tensor tensor) => store.Keep(tensor);
}
