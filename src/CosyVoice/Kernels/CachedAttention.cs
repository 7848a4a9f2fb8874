using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels;

/// <summary>
/// Attention of one query position over the keys and values its sequence holds. Scores are canonical dot
/// products and each output is one ascending chain of fused multiply-adds over the positions, so that a
/// position gives the same bits whether it was prefilled or decoded.
/// </summary>
internal static unsafe class CachedAttention
{
    /// <summary>y = softmax(q . k_t / sqrt(size)) v_t over t in [0, length) for one head.</summary>
    /// <param name="query">[size].</param>
    /// <param name="keys">Position t's key of this head at keys + t * stride, [size].</param>
    /// <param name="values">Laid out as the keys.</param>
    /// <param name="scores">Scratch, [length].</param>
    /// <param name="y">[size].</param>
    public static void Head(float* query, float* keys, float* values, long stride, int length, int size, Span<float> scores, Span<float> y)
    {
        var scale = 1 / MathF.Sqrt(size);
        for (var t = 0; t < length; t++)
        {
            scores[t] = DotProducts.Dot(query, keys + (t * stride), size) * scale;
        }

        Norms.Softmax(scores[..length]);
        y.Clear();
        fixed (float* output = y)
        {
            for (var t = 0; t < length; t++)
            {
                AddScaled(scores[t], values + (t * stride), output, size);
            }
        }
    }

    private static void AddScaled(float factor, float* x, float* y, int size)
    {
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= size - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256.FusedMultiplyAdd(factors, Vector256.Load(x + i), Vector256.Load(y + i)).Store(y + i);
        }

        for (; i < size; i++)
        {
            y[i] = MathF.FusedMultiplyAdd(factor, x[i], y[i]);
        }
    }
}
