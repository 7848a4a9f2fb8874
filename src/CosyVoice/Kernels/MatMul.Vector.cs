using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <content>
/// The order of tiles: a panel of b (depth x 32) stays in the second-level cache while strips of rows pass over
/// it. Rows of a are read in place.
/// </content>
public static unsafe partial class MatMul
{
    private const int TallestTile = 12;

    private interface ITiles
    {
        /// <summary>Computes as many of the remaining rows as its tallest fitting tile has, and says how many.</summary>
        static abstract int Run<TLanes>(
            in Window window, int remaining, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
            where TLanes : unmanaged, ILanes<TLanes>;
    }

    private static void Run<TLanes, TTiles>(
        in Window window, in Panels b, in Target target, int rowStart, int rowEnd, int panelStart, int panelEnd)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTiles : ITiles
    {
        for (var panel = panelStart; panel < panelEnd; panel++)
        {
            var columns = Math.Min(PanelMatrix.PanelWidth, b.Columns - (panel * PanelMatrix.PanelWidth));
            var height = 0;
            for (var row = rowStart; row < rowEnd; row += height)
            {
                var a = window.Start + (row * window.RowStride);
                var c = target.C + (row * target.Stride) + (panel * PanelMatrix.PanelWidth);
                var bias = target.Bias == null ? null : target.Bias + (panel * PanelMatrix.PanelWidth);
                var from = b.Start + (panel * b.PanelStride);
                height = columns == PanelMatrix.PanelWidth
                    ? Strip<TLanes, TTiles>(window, rowEnd - row, a, from, b.RowStride, bias, c, target.Stride, target.Accumulate)
                    : EdgeStrip<TLanes, TTiles>(
                        window, rowEnd - row, a, from, b.RowStride, bias, c, target.Stride, columns, target.Accumulate);
            }
        }
    }

    /// <summary>One strip over the panel's full width, in as many passes as the width needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Strip<TLanes, TTiles>(
        in Window window, int remaining, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTiles : ITiles
    {
        var height = 0;
        for (var column = 0; column < PanelMatrix.PanelWidth; column += 2 * TLanes.Count)
        {
            height = TTiles.Run<TLanes>(
                window, remaining, a, b + column, bStride, bias == null ? null : bias + column, c + column, cStride, accumulate);
        }

        return height;
    }

    /// <summary>A strip whose panel is wider than what is left of c: computed aside, then copied.</summary>
    [SkipLocalsInit]
    private static int EdgeStrip<TLanes, TTiles>(
        in Window window, int remaining, float* a, float* b, long bStride, float* bias, float* c, long cStride, int columns, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
        where TTiles : ITiles
    {
        var tile = stackalloc float[TallestTile * PanelMatrix.PanelWidth];
        var height = Strip<TLanes, TTiles>(window, remaining, a, b, bStride, null, tile, PanelMatrix.PanelWidth, false);
        for (var i = 0; i < height; i++)
        {
            for (var n = 0; n < columns; n++)
            {
                var sum = tile[(i * PanelMatrix.PanelWidth) + n];
                var value = bias == null ? sum : sum + bias[n];
                var result = c + (i * cStride) + n;
                *result = accumulate ? *result + value : value;
            }
        }

        return height;
    }

    /// <summary>Up to 12 rows: 24 sums, two vectors of b and one factor in 32 registers.</summary>
    private readonly struct Tiles32Registers : ITiles
    {
        public static int Run<TLanes>(
            in Window window, int remaining, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            switch (remaining)
            {
                case >= 12:
                    Tile12<TLanes>(window, a, b, bStride, bias, c, cStride, accumulate);
                    return 12;
                case >= 8:
                    Tile8<TLanes>(window, a, b, bStride, bias, c, cStride, accumulate);
                    return 8;
                default:
                    return RunLow<TLanes>(window, remaining, a, b, bStride, bias, c, cStride, accumulate);
            }
        }
    }

    /// <summary>Up to 6 rows: 12 sums, two vectors of b and one factor in 16 registers.</summary>
    private readonly struct Tiles16Registers : ITiles
    {
        public static int Run<TLanes>(
            in Window window, int remaining, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            if (remaining < 6)
            {
                return RunLow<TLanes>(window, remaining, a, b, bStride, bias, c, cStride, accumulate);
            }

            Tile6<TLanes>(window, a, b, bStride, bias, c, cStride, accumulate);
            return 6;
        }
    }

    private static int RunLow<TLanes>(
        in Window window, int remaining, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        switch (remaining)
        {
            case >= 4:
                Tile4<TLanes>(window, a, b, bStride, bias, c, cStride, accumulate);
                return 4;
            case >= 2:
                Tile2<TLanes>(window, a, b, bStride, bias, c, cStride, accumulate);
                return 2;
            default:
                Tile1<TLanes>(window, a, b, bStride, bias, c, cStride, accumulate);
                return 1;
        }
    }
}
