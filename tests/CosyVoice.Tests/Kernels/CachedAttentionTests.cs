using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed unsafe class CachedAttentionTests
{
    public static TheoryData<VectorWidth> Widths => Samples.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Group_EverySize_GivesTheScalarBits(VectorWidth width)
    {
        foreach (var size in new[] { 8, 32, 40, 64 })
        {
            foreach (var length in new[] { 1, 2, 15, 16, 17, 40 })
            {
                foreach (var heads in new[] { 1, 3, 7 })
                {
                    using var keys = new GuardedFloats(Samples.Uniform((length * (size + 5)) - 5, 1));
                    using var values = new GuardedFloats(Samples.Uniform((length * (size + 5)) - 5, 2));
                    using var queries = new GuardedFloats(Samples.Uniform(heads * size, 3, 4));
                    var expected = Attend(VectorWidth.Scalar, queries, heads, keys, values, length, size);
                    Samples.AssertSameBits(expected, Attend(width, queries, heads, keys, values, length, size));
                }
            }
        }
    }

    [Fact]
    public void Group_OneHeadAtATime_GivesTheSameBits()
    {
        const int Heads = 5, Length = 30, Size = 64;
        using var keys = new GuardedFloats(Samples.Uniform((Length * (Size + 5)) - 5, 1));
        using var values = new GuardedFloats(Samples.Uniform((Length * (Size + 5)) - 5, 2));
        var all = Samples.Uniform(Heads * Size, 3);
        using var queries = new GuardedFloats(all);
        var together = Attend(VectorWidths.Active, queries, Heads, keys, values, Length, Size);
        for (var head = 0; head < Heads; head++)
        {
            using var query = new GuardedFloats(all.AsSpan(head * Size, Size));
            Samples.AssertSameBits(together.AsSpan(head * Size, Size), Attend(VectorWidths.Active, query, 1, keys, values, Length, Size));
        }
    }

    [Fact]
    public void Group_Scalar_AgreesWithDoubles()
    {
        const int Length = 50, Size = 16;
        using var keys = new GuardedFloats(Samples.Uniform((Length * (Size + 5)) - 5, 1));
        using var values = new GuardedFloats(Samples.Uniform((Length * (Size + 5)) - 5, 2));
        using var query = new GuardedFloats(Samples.Uniform(Size, 3, 3));
        var weights = new double[Length];
        for (var t = 0; t < Length; t++)
        {
            for (var c = 0; c < Size; c++)
            {
                weights[t] += (double)query.Span[c] * keys.Span[(t * (Size + 5)) + c] / Math.Sqrt(Size);
            }
        }

        var sum = weights.Sum(Math.Exp);
        var expected = new double[Size];
        for (var t = 0; t < Length; t++)
        {
            for (var c = 0; c < Size; c++)
            {
                expected[c] += Math.Exp(weights[t]) / sum * values.Span[(t * (Size + 5)) + c];
            }
        }

        Samples.AssertClose(expected, Attend(VectorWidth.Scalar, query, 1, keys, values, Length, Size), 2e-6, 0); // weighted means of numbers below 1
    }

    /// <summary>Keys and values lie 5 elements more than a head's size apart.</summary>
    private static float[] Attend(
        VectorWidth width, GuardedFloats queries, int heads, GuardedFloats keys, GuardedFloats values, int length, int size)
    {
        using var scores = new GuardedFloats(heads * length);
        using var y = new GuardedFloats(heads * size);
        CachedAttention.Group(width, queries.Pointer, heads, keys.Pointer, values.Pointer, size + 5, length, size, scores.Span, y.Pointer);
        return y.Span.ToArray();
    }
}
