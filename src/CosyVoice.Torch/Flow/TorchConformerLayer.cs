using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// A conformer layer without its convolution (Gulati et al. 2020): x += attention(norm(x)); x += W_2 silu(W_1 norm(x)).
/// </summary>
internal sealed class TorchConformerLayer(FlowStore store, WeightScope w, FlowEncoderConfig config)
{
    private const double Epsilon = 1e-12;

    private readonly Normalization _normMha = new(store, w["norm_mha"], config.OutputSize, Epsilon);
    private readonly TorchRelativeAttention _selfAttn = new(store, w["self_attn"], config.OutputSize, config.AttentionHeads);
    private readonly Normalization _normFf = new(store, w["norm_ff"], config.OutputSize, Epsilon);
    private readonly Projection _w1 = new(store, w["feed_forward"]["w_1"], config.OutputSize, config.LinearUnits);
    private readonly Projection _w2 = new(store, w["feed_forward"]["w_2"], config.LinearUnits, config.OutputSize);

    /// <summary>x [batch, size, width] to the same shape.</summary>
    public Tensor Forward(Tensor x, Tensor positions, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var y = _selfAttn.Forward(_normMha.Apply(x), positions, mask).add_(x);
        return scope.MoveToOuter(_w2.Apply(functional.silu(_w1.Apply(_normFf.Apply(y)), inplace: true)).add_(y));
    }
}
