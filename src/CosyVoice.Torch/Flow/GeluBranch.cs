using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// x += W_2 gelu(W_1 y + b_1) + b_2, whose last product adds to x itself. It has no room for a bias then, so
/// hidden units that are 8 whatever comes in carry b_2: in any type gelu(8) is 8, and a division by 8 is exact.
/// </summary>
internal sealed class GeluBranch
{
    private const float Constant = 8;
    private const int Constants = 8; // More than one keeps rows aligned.

    private readonly SequenceProducts _products;
    private readonly Projection _first;
    private readonly Tensor _second; // [hidden + constants, channels]

    /// <summary>Reads the <c>weight</c> and <c>bias</c> of <paramref name="first"/>, channels to hidden, and of <paramref name="second"/>, hidden to channels.</summary>
    public GeluBranch(FlowStore store, WeightScope first, WeightScope second, int channels, int hidden)
    {
        _products = store.Products;
        _first = new Projection(
            store,
            [.. first.Get("weight", hidden, channels).ToFloats(), .. new float[Constants * channels]],
            [.. first.Get("bias", hidden).ToFloats(), .. Enumerable.Repeat(Constant, Constants)],
            channels);
        var (weight, bias) = (second.Get("weight", channels, hidden).ToFloats(), second.Get("bias", channels).ToFloats());
        var joined = new float[(hidden + Constants) * channels];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var unit = 0; unit < hidden; unit++)
            {
                joined[(unit * channels) + channel] = weight[(channel * hidden) + unit];
            }

            joined[(hidden * channels) + channel] = bias[channel] / Constant;
        }

        _second = store.From(joined, hidden + Constants, channels);
    }

    /// <param name="x">[batch, size, channels], contiguous.</param>
    /// <param name="y">[batch, size, channels].</param>
    public void AddTo(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        _products.AddTo(x, _first.Apply(y).gelu_(), _second);
    }
}
