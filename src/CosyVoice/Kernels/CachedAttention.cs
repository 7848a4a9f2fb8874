namespace CosyVoice.Kernels;

/// <summary>
/// Attention of one query position over the keys and values its sequence holds. Scores are canonical dot
/// products and each output is one ascending chain of fused multiply-adds over the positions, so that a
/// position gives the same bits whether it was prefilled or decoded.
/// </summary>
internal static unsafe class CachedAttention
{
    /// <summary>
    /// y = softmax(q . k_t / sqrt(size)) v_t over t in [0, length) for the heads that share their keys and values, which
    /// are read once.
    /// </summary>
    /// <param name="queries">[heads, size].</param>
    /// <param name="keys">Position t's key at keys + t * stride, [size].</param>
    /// <param name="values">Laid out as the keys.</param>
    /// <param name="scores">Scratch, [heads * length] at least.</param>
    /// <param name="y">[heads, size].</param>
    public static void Group(
        float* queries, int heads, float* keys, float* values, long stride, int length, int size, Span<float> scores, float* y) =>
        Group(VectorWidths.Active, queries, heads, keys, values, stride, length, size, scores, y);

    internal static void Group(
        VectorWidth width, float* queries, int heads, float* keys, float* values, long stride, int length, int size, Span<float> scores, float* y)
    {
        fixed (float* weights = scores[..(heads * length)])
        {
            DotProducts.Multiply(width, queries, size, heads, keys, stride, size, [], weights, length, 0, length);
            var scale = 1 / MathF.Sqrt(size);
            for (var head = 0; head < heads; head++)
            {
                var row = scores.Slice(head * length, length);
                Elementwise.Apply(width, new ScaleOperator(scale), row, row);
                Norms.Softmax(width, row);
            }

            MatMul.MultiplyInPlace(width, new MatMul.Window(weights, length, 1, 0, length), values, stride, size, y, size, heads);
        }
    }
}
