using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <content>
/// The inner loops: a tile of c, some rows high and two vectors wide, is held in registers while the depth runs.
/// The heights are written out because the compiler keeps only named variables in registers.
/// </content>
public static unsafe partial class MatMul
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile12<TLanes>(in Window window, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Pair<TLanes> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default, r6 = default, r7 = default, r8 = default, r9 = default, r10 = default, r11 = default;
        var stride = window.RowStride;
        for (var tap = 0; tap < window.Taps; tap++)
        {
            var p0 = a + (tap * window.TapStride);
            var p3 = p0 + (3 * stride);
            var p6 = p3 + (3 * stride);
            var p9 = p6 + (3 * stride);
            for (var k = window.Piece; k > 0; k--)
            {
                var low = TLanes.Load(b);
                var high = TLanes.Load(b + TLanes.Count);
                r0 = r0.MultiplyAdd(*p0, low, high);
                r1 = r1.MultiplyAdd(p0[stride], low, high);
                r2 = r2.MultiplyAdd(p0[2 * stride], low, high);
                r3 = r3.MultiplyAdd(*p3, low, high);
                r4 = r4.MultiplyAdd(p3[stride], low, high);
                r5 = r5.MultiplyAdd(p3[2 * stride], low, high);
                r6 = r6.MultiplyAdd(*p6, low, high);
                r7 = r7.MultiplyAdd(p6[stride], low, high);
                r8 = r8.MultiplyAdd(p6[2 * stride], low, high);
                r9 = r9.MultiplyAdd(*p9, low, high);
                r10 = r10.MultiplyAdd(p9[stride], low, high);
                r11 = r11.MultiplyAdd(p9[2 * stride], low, high);
                p0++;
                p3++;
                p6++;
                p9++;
                b += bStride;
            }
        }

        r0.Finish(bias, c, accumulate);
        r1.Finish(bias, c + cStride, accumulate);
        r2.Finish(bias, c + (2 * cStride), accumulate);
        r3.Finish(bias, c + (3 * cStride), accumulate);
        r4.Finish(bias, c + (4 * cStride), accumulate);
        r5.Finish(bias, c + (5 * cStride), accumulate);
        r6.Finish(bias, c + (6 * cStride), accumulate);
        r7.Finish(bias, c + (7 * cStride), accumulate);
        r8.Finish(bias, c + (8 * cStride), accumulate);
        r9.Finish(bias, c + (9 * cStride), accumulate);
        r10.Finish(bias, c + (10 * cStride), accumulate);
        r11.Finish(bias, c + (11 * cStride), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile8<TLanes>(in Window window, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Pair<TLanes> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default, r6 = default, r7 = default;
        var stride = window.RowStride;
        for (var tap = 0; tap < window.Taps; tap++)
        {
            var p0 = a + (tap * window.TapStride);
            var p3 = p0 + (3 * stride);
            var p6 = p3 + (3 * stride);
            for (var k = window.Piece; k > 0; k--)
            {
                var low = TLanes.Load(b);
                var high = TLanes.Load(b + TLanes.Count);
                r0 = r0.MultiplyAdd(*p0, low, high);
                r1 = r1.MultiplyAdd(p0[stride], low, high);
                r2 = r2.MultiplyAdd(p0[2 * stride], low, high);
                r3 = r3.MultiplyAdd(*p3, low, high);
                r4 = r4.MultiplyAdd(p3[stride], low, high);
                r5 = r5.MultiplyAdd(p3[2 * stride], low, high);
                r6 = r6.MultiplyAdd(*p6, low, high);
                r7 = r7.MultiplyAdd(p6[stride], low, high);
                p0++;
                p3++;
                p6++;
                b += bStride;
            }
        }

        r0.Finish(bias, c, accumulate);
        r1.Finish(bias, c + cStride, accumulate);
        r2.Finish(bias, c + (2 * cStride), accumulate);
        r3.Finish(bias, c + (3 * cStride), accumulate);
        r4.Finish(bias, c + (4 * cStride), accumulate);
        r5.Finish(bias, c + (5 * cStride), accumulate);
        r6.Finish(bias, c + (6 * cStride), accumulate);
        r7.Finish(bias, c + (7 * cStride), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile6<TLanes>(in Window window, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Pair<TLanes> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        var stride = window.RowStride;
        for (var tap = 0; tap < window.Taps; tap++)
        {
            var p0 = a + (tap * window.TapStride);
            var p3 = p0 + (3 * stride);
            for (var k = window.Piece; k > 0; k--)
            {
                var low = TLanes.Load(b);
                var high = TLanes.Load(b + TLanes.Count);
                r0 = r0.MultiplyAdd(*p0, low, high);
                r1 = r1.MultiplyAdd(p0[stride], low, high);
                r2 = r2.MultiplyAdd(p0[2 * stride], low, high);
                r3 = r3.MultiplyAdd(*p3, low, high);
                r4 = r4.MultiplyAdd(p3[stride], low, high);
                r5 = r5.MultiplyAdd(p3[2 * stride], low, high);
                p0++;
                p3++;
                b += bStride;
            }
        }

        r0.Finish(bias, c, accumulate);
        r1.Finish(bias, c + cStride, accumulate);
        r2.Finish(bias, c + (2 * cStride), accumulate);
        r3.Finish(bias, c + (3 * cStride), accumulate);
        r4.Finish(bias, c + (4 * cStride), accumulate);
        r5.Finish(bias, c + (5 * cStride), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4<TLanes>(in Window window, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Pair<TLanes> r0 = default, r1 = default, r2 = default, r3 = default;
        var stride = window.RowStride;
        for (var tap = 0; tap < window.Taps; tap++)
        {
            var p0 = a + (tap * window.TapStride);
            var p3 = p0 + (3 * stride);
            for (var k = window.Piece; k > 0; k--)
            {
                var low = TLanes.Load(b);
                var high = TLanes.Load(b + TLanes.Count);
                r0 = r0.MultiplyAdd(*p0, low, high);
                r1 = r1.MultiplyAdd(p0[stride], low, high);
                r2 = r2.MultiplyAdd(p0[2 * stride], low, high);
                r3 = r3.MultiplyAdd(*p3, low, high);
                p0++;
                p3++;
                b += bStride;
            }
        }

        r0.Finish(bias, c, accumulate);
        r1.Finish(bias, c + cStride, accumulate);
        r2.Finish(bias, c + (2 * cStride), accumulate);
        r3.Finish(bias, c + (3 * cStride), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile2<TLanes>(in Window window, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Pair<TLanes> r0 = default, r1 = default;
        var stride = window.RowStride;
        for (var tap = 0; tap < window.Taps; tap++)
        {
            var p0 = a + (tap * window.TapStride);
            for (var k = window.Piece; k > 0; k--)
            {
                var low = TLanes.Load(b);
                var high = TLanes.Load(b + TLanes.Count);
                r0 = r0.MultiplyAdd(*p0, low, high);
                r1 = r1.MultiplyAdd(p0[stride], low, high);
                p0++;
                b += bStride;
            }
        }

        r0.Finish(bias, c, accumulate);
        r1.Finish(bias, c + cStride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1<TLanes>(in Window window, float* a, float* b, long bStride, float* bias, float* c, long cStride, bool accumulate)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Pair<TLanes> r0 = default;
        for (var tap = 0; tap < window.Taps; tap++)
        {
            var p0 = a + (tap * window.TapStride);
            for (var k = window.Piece; k > 0; k--)
            {
                var low = TLanes.Load(b);
                var high = TLanes.Load(b + TLanes.Count);
                r0 = r0.MultiplyAdd(*p0, low, high);
                p0++;
                b += bStride;
            }
        }

        r0.Finish(bias, c, accumulate);
    }

    /// <summary>One row of a tile.</summary>
    private readonly struct Pair<TLanes>(TLanes low, TLanes high)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        private readonly TLanes _low = low;
        private readonly TLanes _high = high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Pair<TLanes> MultiplyAdd(float a, TLanes low, TLanes high)
        {
            var factor = TLanes.Broadcast(a);
            return new(TLanes.MultiplyAdd(factor, low, _low), TLanes.MultiplyAdd(factor, high, _high));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish(float* bias, float* c, bool accumulate)
        {
            var (low, high) = (_low, _high);
            if (bias != null)
            {
                low += TLanes.Load(bias);
                high += TLanes.Load(bias + TLanes.Count);
            }

            if (accumulate)
            {
                low = TLanes.Load(c) + low;
                high = TLanes.Load(c + TLanes.Count) + high;
            }

            low.Store(c);
            high.Store(c + TLanes.Count);
        }
    }
}
