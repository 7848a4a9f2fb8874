using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>Self-attention of an estimator, each sequence and each head by itself, in one kernel.</summary>
internal static class HeadAttention
{
    private const int Parts = 3;

    /// <param name="joined">Queries, keys and values side by side, [batch, size, at least 3 * heads * head size].</param>
    /// <param name="mask">[batch, 1, size, size].</param>
    /// <returns>[batch, size, heads * head size].</returns>
    public static Tensor Attend(Tensor joined, int heads, int headSize, Tensor mask)
    {
        var (batch, size) = (joined.shape[0], joined.shape[1]);
        var parts = joined.narrow(2, 0, Parts * heads * headSize).view(batch, size, Parts, heads, headSize).permute(2, 0, 3, 1, 4);
        return functional.scaled_dot_product_attention(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2), mask)
            .transpose(1, 2).reshape(batch, size, heads * headSize);
    }
}
