using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <content>
/// The inner loops: the sums of four rows of the weight and some rows of x are held in registers while the depth
/// runs in steps of 16, of which one pass handles TLanes.Count lanes. Written out because the compiler keeps only
/// named variables in registers.
/// </content>
public static unsafe partial class DotProducts
{
    /// <param name="sums">[6, 4].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile6<TLanes>(float* x, long xStride, float* w, long wStride, int steps, TLanes* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Four<TLanes> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        var x3 = x + (3 * xStride);
        for (var step = 0; step < steps; step++)
        {
            var w0 = TLanes.Load(w);
            var w1 = TLanes.Load(w + wStride);
            var w2 = TLanes.Load(w + (2 * wStride));
            var w3 = TLanes.Load(w + (3 * wStride));
            Prefetch.Ahead(w);
            Prefetch.Ahead(w + wStride);
            Prefetch.Ahead(w + (2 * wStride));
            Prefetch.Ahead(w + (3 * wStride));
            s0 = s0.MultiplyAdd(TLanes.Load(x), w0, w1, w2, w3);
            s1 = s1.MultiplyAdd(TLanes.Load(x + xStride), w0, w1, w2, w3);
            s2 = s2.MultiplyAdd(TLanes.Load(x + (2 * xStride)), w0, w1, w2, w3);
            s3 = s3.MultiplyAdd(TLanes.Load(x3), w0, w1, w2, w3);
            s4 = s4.MultiplyAdd(TLanes.Load(x3 + xStride), w0, w1, w2, w3);
            s5 = s5.MultiplyAdd(TLanes.Load(x3 + (2 * xStride)), w0, w1, w2, w3);
            w += SumLanes;
            x += SumLanes;
            x3 += SumLanes;
        }

        s0.Store(sums);
        s1.Store(sums + 4);
        s2.Store(sums + 8);
        s3.Store(sums + 12);
        s4.Store(sums + 16);
        s5.Store(sums + 20);
    }

    /// <param name="sums">[4, 4].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4<TLanes>(float* x, long xStride, float* w, long wStride, int steps, TLanes* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Four<TLanes> s0 = default, s1 = default, s2 = default, s3 = default;
        var x3 = x + (3 * xStride);
        for (var step = 0; step < steps; step++)
        {
            var w0 = TLanes.Load(w);
            var w1 = TLanes.Load(w + wStride);
            var w2 = TLanes.Load(w + (2 * wStride));
            var w3 = TLanes.Load(w + (3 * wStride));
            Prefetch.Ahead(w);
            Prefetch.Ahead(w + wStride);
            Prefetch.Ahead(w + (2 * wStride));
            Prefetch.Ahead(w + (3 * wStride));
            s0 = s0.MultiplyAdd(TLanes.Load(x), w0, w1, w2, w3);
            s1 = s1.MultiplyAdd(TLanes.Load(x + xStride), w0, w1, w2, w3);
            s2 = s2.MultiplyAdd(TLanes.Load(x + (2 * xStride)), w0, w1, w2, w3);
            s3 = s3.MultiplyAdd(TLanes.Load(x3), w0, w1, w2, w3);
            w += SumLanes;
            x += SumLanes;
            x3 += SumLanes;
        }

        s0.Store(sums);
        s1.Store(sums + 4);
        s2.Store(sums + 8);
        s3.Store(sums + 12);
    }

    /// <param name="sums">[2, 4].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile2<TLanes>(float* x, long xStride, float* w, long wStride, int steps, TLanes* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Four<TLanes> s0 = default, s1 = default;
        for (var step = 0; step < steps; step++)
        {
            var w0 = TLanes.Load(w);
            var w1 = TLanes.Load(w + wStride);
            var w2 = TLanes.Load(w + (2 * wStride));
            var w3 = TLanes.Load(w + (3 * wStride));
            Prefetch.Ahead(w);
            Prefetch.Ahead(w + wStride);
            Prefetch.Ahead(w + (2 * wStride));
            Prefetch.Ahead(w + (3 * wStride));
            s0 = s0.MultiplyAdd(TLanes.Load(x), w0, w1, w2, w3);
            s1 = s1.MultiplyAdd(TLanes.Load(x + xStride), w0, w1, w2, w3);
            w += SumLanes;
            x += SumLanes;
        }

        s0.Store(sums);
        s1.Store(sums + 4);
    }

    /// <param name="sums">[1, 4].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1<TLanes>(float* x, float* w, long wStride, int steps, TLanes* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Four<TLanes> s0 = default;
        for (var step = 0; step < steps; step++)
        {
            var w0 = TLanes.Load(w);
            var w1 = TLanes.Load(w + wStride);
            var w2 = TLanes.Load(w + (2 * wStride));
            var w3 = TLanes.Load(w + (3 * wStride));
            Prefetch.Ahead(w);
            Prefetch.Ahead(w + wStride);
            Prefetch.Ahead(w + (2 * wStride));
            Prefetch.Ahead(w + (3 * wStride));
            s0 = s0.MultiplyAdd(TLanes.Load(x), w0, w1, w2, w3);
            w += SumLanes;
            x += SumLanes;
        }

        s0.Store(sums);
    }

    /// <summary>One row of x against four of the weight.</summary>
    private readonly struct Four<TLanes>(TLanes a, TLanes b, TLanes c, TLanes d)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        private readonly TLanes _a = a;
        private readonly TLanes _b = b;
        private readonly TLanes _c = c;
        private readonly TLanes _d = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Four<TLanes> MultiplyAdd(TLanes x, TLanes w0, TLanes w1, TLanes w2, TLanes w3) => new(
            TLanes.MultiplyAdd(x, w0, _a), TLanes.MultiplyAdd(x, w1, _b), TLanes.MultiplyAdd(x, w2, _c), TLanes.MultiplyAdd(x, w3, _d));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(TLanes* sums)
        {
            sums[0] = _a;
            sums[1] = _b;
            sums[2] = _c;
            sums[3] = _d;
        }
    }
}
