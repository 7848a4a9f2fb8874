using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CosyVoice.Torch;

/// <summary>Brings stored tensors to a device.</summary>
/// <param name="device">Where to.</param>
/// <param name="type">As what: a weight is rounded once, here.</param>
internal sealed class TorchWeights(Device device, ScalarType type)
{
    // The binding counts bytes in an int: larger tensors go over in pieces.
    private const int PieceElements = 1 << 26;

    public Device Device { get; } = device;

    public ScalarType Type { get; } = type;

    /// <summary>The tensor of this name and shape, in this type on this device; the caller disposes it.</summary>
    public Tensor Get(WeightScope w, string name, params int[] shape) => Copy(w.Get(name, shape), Type);

    /// <summary>The same in fp32, for what has to be exact.</summary>
    public Tensor GetFloat32(WeightScope w, string name, params int[] shape) => Copy(w.Get(name, shape), ScalarType.Float32);

    /// <summary>A tensor that was computed, [shape], in this type on this device; the caller disposes it.</summary>
    public Tensor From(ReadOnlySpan<float> values, params long[] shape)
    {
        using var host = torch.tensor(values.ToArray(), shape);
        return host.to(Type, Device, copy: true).DetachFromDisposeScope();
    }

    private Tensor Copy(StoredTensor stored, ScalarType type)
    {
        var values = stored.ToFloats();
        using var scope = NewDisposeScope();
        var flat = empty(values.Length, type, Device);
        for (var start = 0; start < values.Length; start += PieceElements)
        {
            var length = Math.Min(PieceElements, values.Length - start);
            using var piece = torch.tensor(values.AsSpan(start, length).ToArray(), [length]);
            using var place = flat.narrow(0, start, length);
            place.copy_(piece);
        }

        return flat.reshape([.. stored.Shape.Select(size => (long)size)]).DetachFromDisposeScope();
    }
}
