using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CosyVoice.Kernels;

namespace CosyVoice.Bench;

/// <summary>What the cores can do at most: fused multiply-adds that never leave registers.</summary>
internal static class FmaPeak
{
    private const int Rounds = 1_000_000;

    /// <summary>GFLOP/s of all threads together.</summary>
    public static double Measure(Workers workers)
    {
        var width = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count;
        var seconds = Medians.Seconds(() => workers.For(workers.Threads, _ => Run()));
        return 2.0 * 12 * width * Rounds * workers.Threads / seconds * 1e-9;
    }

    private static void Run()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run512();
        }
        else
        {
            Run256();
        }
    }

    // Twelve independent chains hide the latency of every processor of today, and fit 16 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run512()
    {
        var x = Vector512.Create(1.0000001f);
        var y = Vector512.Create(1e-7f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        Consume(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run256()
    {
        var x = Vector256.Create(1.0000001f);
        var y = Vector256.Create(1e-7f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        Consume((a + b + c + d + e + f + g + h + i + j + k + l).ToVector512());
    }

    /// <summary>Keeps the loops from being optimised away.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Consume(Vector512<float> value) => _ = value;
}
