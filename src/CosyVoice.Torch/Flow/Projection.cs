using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>y = W x + b: one kernel for all rows, also where several layers of one input are joined.</summary>
internal sealed class Projection
{
    private readonly Tensor _weight; // [outputs, inputs]
    private readonly Tensor? _bias; // [outputs]

    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public Projection(DeviceStore store, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int inputs)
    {
        _weight = store.From(weight, weight.Length / inputs, inputs);
        _bias = bias.IsEmpty ? null : store.From(bias, bias.Length);
    }

    /// <summary>Reads <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs].</summary>
    public Projection(DeviceStore store, WeightScope w, int inputs, int outputs, bool bias = true)
        : this(store, [w], inputs, outputs, bias)
    {
    }

    /// <summary>Several layers of one input side by side: reads the <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs] of each.</summary>
    public Projection(DeviceStore store, IReadOnlyList<WeightScope> parts, int inputs, int outputs, bool bias = true)
        : this(
            store, parts.SelectMany(part => part.Get("weight", outputs, inputs).ToFloats()).ToArray(),
            bias ? parts.SelectMany(part => part.Get("bias", outputs).ToFloats()).ToArray() : [], inputs)
    {
    }

    /// <summary>x [..., inputs] to [..., outputs].</summary>
    public Tensor Apply(Tensor x) => functional.linear(x, _weight, _bias);
}
