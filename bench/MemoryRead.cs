using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CosyVoice.Kernels;

namespace CosyVoice.Bench;

/// <summary>How fast all threads together read memory that is in no cache.</summary>
internal static unsafe class MemoryRead
{
    private const int BlockFloats = 256 * 1024;
    private const int Streams = 4; // the fastest of 1, 2, 4 and 8 on the processors at hand
    private const int Bytes = 1 << 30;

    /// <summary>GB/s over a gibibyte, far more than any cache holds.</summary>
    public static double Measure(Workers workers)
    {
        const int Blocks = Bytes / sizeof(float) / BlockFloats;
        using var memory = new Tensor(Blocks, BlockFloats);
        var seconds = Medians.Seconds(() => workers.For(Blocks, block => Sum(memory.Pointer + ((long)block * BlockFloats))));
        return Bytes / seconds * 1e-9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* from)
    {
        const int Stream = BlockFloats / Streams;
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var end = from + Stream; from < end; from += Vector512<float>.Count)
        {
            a += Vector512.Load(from);
            b += Vector512.Load(from + Stream);
            c += Vector512.Load(from + (2 * Stream));
            d += Vector512.Load(from + (3 * Stream));
        }

        Consume(a + b + c + d);
    }

    /// <summary>Keeps the loop from being optimised away.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Consume(Vector512<float> value) => _ = value;
}
