using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed unsafe class NormsTests
{
    public static TheoryData<VectorWidth> Widths => Samples.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void LayerNorm_EveryLength_GivesTheScalarBits(VectorWidth width)
    {
        for (var length = 1; length <= 100; length++)
        {
            var (weight, bias) = (Samples.Uniform(length, 2), Samples.Uniform(length, 3));
            EveryLength(width, length, (w, x, y) => Norms.LayerNorm(w, x, weight, bias, 1e-5f, y));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void RmsNorm_EveryLength_GivesTheScalarBits(VectorWidth width)
    {
        for (var length = 1; length <= 100; length++)
        {
            var weight = Samples.Uniform(length, 2);
            EveryLength(width, length, (w, x, y) => Norms.RmsNorm(w, x, weight, 1e-6f, y));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Softmax_EveryLength_GivesTheScalarBits(VectorWidth width)
    {
        for (var length = 0; length <= 100; length++)
        {
            EveryLength(width, length, (w, x, y) =>
            {
                x.CopyTo(y);
                Norms.Softmax(w, y);
            });
        }
    }

    [Fact]
    public void LayerNorm_Scalar_AgreesWithDoubles()
    {
        var (x, weight, bias) = (Samples.Uniform(517, 1, 3), Samples.Uniform(517, 2), Samples.Uniform(517, 3));
        var mean = x.Average(v => (double)v);
        var variance = x.Average(v => (v - mean) * (v - mean));
        var expected = x.Select((v, i) => ((v - mean) / Math.Sqrt(variance + 1e-5) * weight[i]) + bias[i]).ToArray();
        var got = new float[517];
        Norms.LayerNorm(VectorWidth.Scalar, x, weight, bias, 1e-5f, got);
        Samples.AssertClose(expected, got, 1e-6, 0); // results below 3; mean and scale are off by a few 1e-7
    }

    [Fact]
    public void RmsNorm_Scalar_AgreesWithDoubles()
    {
        var (x, weight) = (Samples.Uniform(517, 1, 3), Samples.Uniform(517, 2));
        var scale = 1 / Math.Sqrt(x.Average(v => (double)v * v) + 1e-6);
        var got = new float[517];
        Norms.RmsNorm(VectorWidth.Scalar, x, weight, 1e-6f, got);
        Samples.AssertClose(x.Select((v, i) => v * scale * weight[i]).ToArray(), got, 0, 5e-7); // four roundings
    }

    [Fact]
    public void Softmax_Scalar_AgreesWithDoubles()
    {
        var x = Samples.Uniform(1000, 1, 50);
        var sum = x.Sum(v => Math.Exp((double)v - x.Max()));
        var expected = x.Select(v => Math.Exp((double)v - x.Max()) / sum).ToArray();
        Norms.Softmax(VectorWidth.Scalar, x);

        // The exponents, up to 100, are rounded to 4e-6.
        Samples.AssertClose(expected, x, 1e-38, 5e-6);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Softmax_LargeOrMasked_IsNeverNaN(VectorWidth width)
    {
        const float Masked = float.NegativeInfinity;
        Assert.Equal([0, 0, 1], Softmaxed([-200, -3e38f, 3e38f]));
        Assert.Equal([0.5f, 0, 0.5f], Softmaxed([100, Masked, 100]));
        Assert.Equal([0, 0], Softmaxed([Masked, Masked]));
        Assert.Equal([1], Softmaxed([-1e30f]));
        Assert.All(Softmaxed([1, float.NaN, 2]), v => Assert.True(float.IsNaN(v)));

        float[] Softmaxed(float[] x)
        {
            Norms.Softmax(width, x);
            return x;
        }
    }

    [Fact]
    public void Norms_WrongLengths_Throw()
    {
        Assert.Throws<ArgumentException>(() => Norms.LayerNorm(new float[3], new float[2], new float[3], 0, new float[3]));
        Assert.Throws<ArgumentException>(() => Norms.RmsNorm(new float[3], new float[3], 0, new float[2]));
    }

    private static void EveryLength(VectorWidth width, int length, Norm norm)
    {
        using var x = new GuardedFloats(Samples.Uniform(length, length, 4));
        using var y = new GuardedFloats(length);
        var expected = new float[length];
        norm(VectorWidth.Scalar, x.Span, expected);
        norm(width, x.Span, y.Span);
        Samples.AssertSameBits(expected, y.Span);
        norm(width, x.Span, x.Span);
        Samples.AssertSameBits(expected, x.Span);
    }

    private delegate void Norm(VectorWidth width, ReadOnlySpan<float> x, Span<float> y);
}
