using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

/// <summary>What the kernel tests run over.</summary>
internal static class Samples
{
    /// <summary>Every width that this machine has, the scalar one included.</summary>
    public static TheoryData<VectorWidth> Widths => [.. VectorWidths.Available];

    /// <summary>Numbers in [-scale, scale), the same for the same seed.</summary>
    public static float[] Uniform(int count, int seed, float scale = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = ((random.NextSingle() * 2) - 1) * scale;
        }

        return values;
    }

    /// <summary>Equal bit for bit, any NaN equal to any NaN.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i])
                && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
            {
                Assert.Fail($"element {i} of {expected.Length}: {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }

    /// <summary>|actual - expected| at most absolute + relative * |expected| everywhere.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double absolute, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]);
            if (!(error <= absolute + (relative * Math.Abs(expected[i]))))
            {
                Assert.Fail($"element {i} of {expected.Length}: {actual[i]:R}, expected {expected[i]:R}, error {error:0.0e+00}");
            }
        }
    }
}
