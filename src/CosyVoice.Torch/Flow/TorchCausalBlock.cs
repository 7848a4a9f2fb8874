using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>mish(norm(conv(x))) with a causal convolution of three taps.</summary>
internal sealed class TorchCausalBlock(FlowStore store, WeightScope w, int inputs, int outputs)
{
    private readonly CausalConvolution _conv = new(store, w["block"][0], inputs, outputs, CausalBlock.Taps);
    private readonly Normalization _norm = new(store, w["block"][2], outputs, 1e-5);

    /// <summary>x [batch, size, inputs] to [batch, size, outputs].</summary>
    public Tensor Apply(Tensor x) => Finish(_conv.Apply(x));

    /// <summary>Of x and a shift.</summary>
    public Tensor Apply(Tensor x, CausalConvolution.Shift shift) => Finish(_conv.Apply(x, shift));

    public CausalConvolution.Shift ShiftOf(ReadOnlySpan<float> by) => _conv.ShiftOf(store, by);

    private Tensor Finish(Tensor x) => functional.mish(_norm.Apply(x), inplace: true);
}
