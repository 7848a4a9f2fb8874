namespace CosyVoice.Kernels;

/// <summary>
/// Products with a weight that stays where the checkpoint's file is mapped, [outputs, depth]. Every dot product
/// is summed in 16 lanes by fused multiply-adds, lane l taking elements l, l + 16, ..., and the lanes are then
/// added pairwise (l with l + 8, then + 4, + 2, + 1): the same for one row as for many, so that decoding a token
/// and prefilling it give the same bits.
/// </summary>
public static unsafe class DotProducts
{
    /// <summary>c[i, n] = bias[n] + x_i . w_n for all rows i and n in [columnStart, columnEnd).</summary>
    /// <param name="x">[rows, depth], rows xStride apart.</param>
    /// <param name="weight">[columns, depth], contiguous.</param>
    /// <param name="bias">[columns], or empty.</param>
    public static void Multiply(
        float* x, long xStride, int rows, float* weight, int depth, ReadOnlySpan<float> bias,
        float* c, long cStride, int columnStart, int columnEnd)
    {
        for (var n = columnStart; n < columnEnd; n++)
        {
            for (var i = 0; i < rows; i++)
            {
                c[(i * cStride) + n] = Dot(x + (i * xStride), weight + ((long)n * depth), depth) + (bias.IsEmpty ? 0 : bias[n]);
            }
        }
    }

    /// <summary>a . b over [depth], in the order described above.</summary>
    public static float Dot(float* a, float* b, int depth)
    {
        Span<float> lanes = stackalloc float[16];
        lanes.Clear();
        for (var k = 0; k < depth; k++)
        {
            lanes[k % 16] = MathF.FusedMultiplyAdd(a[k], b[k], lanes[k % 16]);
        }

        for (var half = 8; half > 0; half /= 2)
        {
            for (var l = 0; l < half; l++)
            {
                lanes[l] += lanes[l + half];
            }
        }

        return lanes[0];
    }
}
