using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>y = W x + b: one kernel for all rows, also where several layers of one input are joined.</summary>
internal sealed class Projection
{
    private readonly SequenceProducts _products;
    private readonly Tensor _weight; // [outputs, inputs]
    private readonly Tensor? _bias; // [outputs]

    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public Projection(FlowStore store, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int inputs)
    {
        _products = store.Products;
        _weight = store.From(weight, weight.Length / inputs, inputs);
        _bias = bias.IsEmpty ? null : store.From(bias, bias.Length);
    }

    /// <summary>Reads <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs].</summary>
    public Projection(FlowStore store, WeightScope w, int inputs, int outputs, bool bias = true)
        : this(store, [w], inputs, outputs, bias)
    {
    }

    /// <summary>Several layers of one input side by side: reads the <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs] of each.</summary>
    public Projection(FlowStore store, IReadOnlyList<WeightScope> parts, int inputs, int outputs, bool bias = true)
        : this(
            store, parts.SelectMany(part => part.Get("weight", outputs, inputs).ToFloats()).ToArray(),
            bias ? parts.SelectMany(part => part.Get("bias", outputs).ToFloats()).ToArray() : [], inputs)
    {
    }

    /// <summary>x [batch, rows, inputs] to [batch, rows, outputs].</summary>
    public Tensor Apply(Tensor x) => _products.Linear(x, _weight, _bias);
}
