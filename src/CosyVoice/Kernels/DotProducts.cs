using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>
/// Products with a weight that stays where the checkpoint's file is mapped, [outputs, depth]. Every dot product
/// is summed in 16 lanes by fused multiply-adds, lane l taking elements l, l + 16, ..., the depth being filled up
/// with zeros to a multiple of 16; the lanes are then added pairwise (l with l + 8, then + 4, + 2, + 1). It is the
/// same for one row as for many, so that decoding a token and prefilling it give the same bits.
/// </summary>
public static unsafe partial class DotProducts
{
    private const int SumLanes = 16;

    /// <summary>c[i, n] = x_i . w_n + bias[n] for all rows i and n in [columnStart, columnEnd).</summary>
    /// <param name="x">[rows, weight.Depth], rows xStride apart.</param>
    /// <param name="bias">[weight.Rows], or empty.</param>
    /// <param name="c">[rows, weight.Rows], rows cStride apart.</param>
    public static void Multiply(
        float* x, long xStride, int rows, RowMajorWeight weight, ReadOnlySpan<float> bias,
        float* c, long cStride, int columnStart, int columnEnd)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)columnEnd, (uint)weight.Rows);
        Multiply(x, xStride, rows, weight.Float32, weight.Depth, bias, c, cStride, columnStart, columnEnd);
        GC.KeepAlive(weight);
    }

    /// <summary>The same for an fp32 weight at a given place.</summary>
    /// <param name="weight">[columns, depth], contiguous.</param>
    /// <param name="bias">[columns], or empty.</param>
    public static void Multiply(
        float* x, long xStride, int rows, float* weight, int depth, ReadOnlySpan<float> bias,
        float* c, long cStride, int columnStart, int columnEnd) =>
        Multiply(VectorWidths.Active, x, xStride, rows, weight, depth, depth, bias, c, cStride, columnStart, columnEnd);

    /// <summary>a . b over [depth], in the order described above.</summary>
    public static float Dot(float* a, float* b, int depth)
    {
        float result;
        Multiply(a, depth, 1, b, depth, [], &result, 1, 0, 1);
        return result;
    }

    /// <summary>The same in a given width, rows of the weight <paramref name="weightStride"/> apart.</summary>
    internal static void Multiply(
        VectorWidth width, float* x, long xStride, int rows, float* weight, long weightStride, int depth, ReadOnlySpan<float> bias,
        float* c, long cStride, int columnStart, int columnEnd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columnStart);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        if (!bias.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(columnEnd, bias.Length);
        }

        fixed (float* biasStart = bias)
        {
            var product = new Product(x, xStride, rows, weight, weightStride, depth, biasStart, c, cStride);
            switch (width)
            {
                case VectorWidth.Vector512:
                    Run<Lanes16>(product, columnStart, columnEnd, tallestTile: 6);
                    break;
                case VectorWidth.Vector256:
                    Run<Lanes8>(product, columnStart, columnEnd, tallestTile: 2);
                    break;
                case VectorWidth.Vector128:
                    Run<Lanes4>(product, columnStart, columnEnd, tallestTile: 2);
                    break;
                default:
                    RunScalar(product, columnStart, columnEnd);
                    break;
            }
        }
    }

    private readonly struct Product(
        float* x, long xStride, int rows, float* weight, long weightStride, int depth, float* bias, float* c, long cStride)
    {
        public readonly float* X = x; // [rows, depth]
        public readonly long XStride = xStride;
        public readonly int Rows = rows;
        public readonly float* Weight = weight; // [columns, depth]
        public readonly long WeightStride = weightStride;
        public readonly int Depth = depth;
        public readonly float* Bias = bias; // [columns], or null
        public readonly float* C = c; // [rows, columns]
        public readonly long CStride = cStride;
    }
}
