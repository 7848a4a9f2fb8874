using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// x += W_o attention(norm1(x)); x += W_2 gelu(W_1 norm3(x)): a transformer block of the estimator, without
/// positions, each sequence by itself.
/// </summary>
internal sealed class TorchEstimatorTransformer
{
    private const double Epsilon = 1e-5;
    private const int Widening = 4;

    private readonly EstimatorConfig _config;
    private readonly Normalization _norm1;
    private readonly Projection _toQkv;
    private readonly Projection _toOut;
    private readonly Normalization _norm3;
    private readonly GeluBranch _ff;

    public TorchEstimatorTransformer(FlowStore store, WeightScope w, int channels, EstimatorConfig config)
    {
        _config = config;
        var width = config.Heads * config.AttentionHeadDim;
        var attention = w["attn1"];
        _norm1 = new Normalization(store, w["norm1"], channels, Epsilon);
        _toQkv = new Projection(store, [attention["to_q"], attention["to_k"], attention["to_v"]], channels, width, bias: false);
        _toOut = new Projection(store, attention["to_out"][0], width, channels);
        _norm3 = new Normalization(store, w["norm3"], channels, Epsilon);
        _ff = new GeluBranch(store, w["ff"]["net"][0]["proj"], w["ff"]["net"][2], channels, Widening * channels);
    }

    /// <summary>x [batch, size, channels] in place.</summary>
    public void Forward(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var attended = HeadAttention.Attend(_toQkv.Apply(_norm1.Apply(x)), _config.Heads, _config.AttentionHeadDim, mask);
        x.add_(_toOut.Apply(attended));
        _ff.AddTo(x, _norm3.Apply(x));
    }
}
