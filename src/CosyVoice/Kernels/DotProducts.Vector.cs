using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <content>
/// The order of tiles. Four rows of the weight are read once, from memory, and meet every row of x before the
/// next four. The four lie a quarter of the columns apart, so that each of the four streams of memory goes on where
/// the tile before left it: with neighbouring rows the processor's prefetching restarts at every row, and reading
/// rows of 3.5 kB took twice as long. Rows of x are taken in blocks that stay in the second-level cache.
/// </content>
public static unsafe partial class DotProducts
{
    private const int TileColumns = 4;
    private const int TallestTile = 6;
    private const int BlockBytes = 512 * 1024;

    private static void Run<TLanes>(in Product p, int columnStart, int columnEnd, int tallestTile)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var blockRows = Math.Max(1, BlockBytes / (sizeof(float) * Math.Max(1, p.Depth)) / tallestTile) * tallestTile;
        var quarter = (columnEnd - columnStart) / TileColumns;
        for (var start = 0; start < p.Rows; start += blockRows)
        {
            var end = Math.Min(p.Rows, start + blockRows);
            for (var column = 0; column < quarter; column++)
            {
                RunColumns<TLanes>(p, start, end, tallestTile, columnStart + column, quarter);
            }

            for (var column = columnStart + (quarter * TileColumns); column < columnEnd; column++)
            {
                RunColumns<TLanes>(p, start, end, tallestTile, column, 0); // one column, four times
            }
        }
    }

    /// <summary>Rows [row, end) of the columns n, n + spacing, n + 2 spacing and n + 3 spacing.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunColumns<TLanes>(in Product p, int row, int end, int tallestTile, int n, int spacing)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var passes = SumLanes / TLanes.Count;
        var sums = stackalloc TLanes[passes * TallestTile * TileColumns]; // [passes, height, 4]
        var w = p.Weight + (n * p.WeightStride);
        var wStride = spacing * p.WeightStride;
        for (int height; row < end; row += height)
        {
            height = Height(Math.Min(tallestTile, end - row));
            var x = p.X + (row * p.XStride);
            for (var pass = 0; pass < passes; pass++)
            {
                var lane = pass * TLanes.Count;
                Sum(height, x + lane, p.XStride, w + lane, wStride, p.Depth / SumLanes, sums + (pass * height * TileColumns));
            }

            for (var i = 0; i < height; i++)
            {
                var rowSums = sums + (i * TileColumns);
                if (p.Depth % SumLanes != 0)
                {
                    AddTail(p, x + (i * p.XStride), w, wStride, rowSums, height * TileColumns);
                }

                Store(p, Fold(rowSums, height * TileColumns), row + i, n, spacing);
            }
        }
    }

    private static int Height(int rows) => rows >= 6 ? 6 : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;

    private static void Sum<TLanes>(int height, float* x, long xStride, float* w, long wStride, int steps, TLanes* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        switch (height)
        {
            case 6:
                Tile6(x, xStride, w, wStride, steps, sums);
                break;
            case 4:
                Tile4(x, xStride, w, wStride, steps, sums);
                break;
            case 2:
                Tile2(x, xStride, w, wStride, steps, sums);
                break;
            default:
                Tile1(x, w, wStride, steps, sums);
                break;
        }
    }

    /// <summary>The last step of a depth that is no multiple of 16.</summary>
    [SkipLocalsInit]
    private static void AddTail<TLanes>(in Product p, float* x, float* w, long wStride, TLanes* sums, int passStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var xTail = stackalloc float[SumLanes];
        var wTail = stackalloc float[SumLanes];
        CopyTail(x, xTail, p.Depth);
        for (var j = 0; j < TileColumns; j++)
        {
            CopyTail(w + (j * wStride), wTail, p.Depth);
            for (var lane = 0; lane < SumLanes; lane += TLanes.Count)
            {
                var sum = sums + (lane / TLanes.Count * passStride) + j;
                *sum = TLanes.MultiplyAdd(TLanes.Load(xTail + lane), TLanes.Load(wTail + lane), *sum);
            }
        }
    }

    private static void CopyTail(float* row, float* tail, int depth)
    {
        var count = depth % SumLanes;
        new Span<float>(row + depth - count, count).CopyTo(new(tail, count));
        new Span<float>(tail + count, SumLanes - count).Clear();
    }

    /// <summary>Adds the 16 lanes of each of four sums pairwise: first pass with pass, then within a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fold<TLanes>(TLanes* sums, int passStride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (var half = SumLanes / TLanes.Count / 2; half > 0; half /= 2)
        {
            for (var pass = 0; pass < half; pass++)
            {
                for (var j = 0; j < TileColumns; j++)
                {
                    sums[(pass * passStride) + j] += sums[((pass + half) * passStride) + j];
                }
            }
        }

        return TLanes.SumFour(sums[0], sums[1], sums[2], sums[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Product p, Vector128<float> values, int row, int n, int spacing)
    {
        var c = p.C + (row * p.CStride) + n;
        if (p.Bias != null)
        {
            var bias = p.Bias + n;
            values += Vector128.Create(bias[0], bias[spacing], bias[2 * spacing], bias[3 * spacing]);
        }

        c[0] = values[0];
        c[spacing] = values[1];
        c[2 * spacing] = values[2];
        c[3 * spacing] = values[3];
    }
}
