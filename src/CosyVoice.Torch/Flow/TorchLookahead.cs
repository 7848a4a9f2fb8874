using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// x_t + conv2(leaky_relu(conv1(x))): conv1 sees x_t and the look-ahead behind it, conv2 its two predecessors; the
/// only place where the flow looks forward.
/// </summary>
internal sealed class TorchLookahead(FlowStore store, WeightScope w, int width, int channels, int lookahead)
{
    private const int Past = 2;
    private const double Slope = 0.01;

    private readonly CausalConvolution _conv1 = new(store, w["conv1"], width, channels, lookahead + 1);
    private readonly CausalConvolution _conv2 = new(store, w["conv2"], channels, width, Past + 1);

    /// <summary>x [batch, size + look-ahead, width] to [batch, size, width].</summary>
    public Tensor Forward(Tensor x)
    {
        var hidden = functional.leaky_relu(_conv1.ApplyInside(x), Slope, inplace: true);
        return _conv2.Apply(hidden).add_(x.narrow(1, 0, x.shape[1] - lookahead));
    }
}
