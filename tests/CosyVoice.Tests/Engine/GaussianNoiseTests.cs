using CosyVoice.Engine;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Engine;

public sealed class GaussianNoiseTests
{
    private const int Many = 1_000_000;

    private static readonly float[] Noise = Fill(seed: 11, segment: 2, first: 0, Many);

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(256)]
    [InlineData(1000)]
    public void Fill_AnyCut_SameBits(int piece)
    {
        float[] pieces = [.. Enumerable.Range(0, (4000 / piece) + 1).SelectMany(i => Fill(11, 2, (long)i * piece, piece))];
        Samples.AssertSameBits(Noise.AsSpan(0, 4000), pieces.AsSpan(0, 4000));
    }

    [Fact]
    public void Fill_FarIntoAStream_GivesFiniteNumbers() =>
        Assert.DoesNotContain(Fill(1, 0, 24000L * 9 * 3600 * 24, 1000), value => !float.IsFinite(value));

    [Fact]
    public void Fill_Many_HasTheMomentsOfANormalDistribution()
    {
        // Five standard errors of a million draws: sqrt(1), sqrt(2), sqrt(15), sqrt(96) over 1000.
        Assert.InRange(Noise.Average(x => (double)x), -0.005, 0.005);
        Assert.InRange(Noise.Average(x => (double)x * x), 1 - 0.0071, 1 + 0.0071);
        Assert.InRange(Noise.Average(x => Math.Pow(x, 3)), -0.0194, 0.0194);
        Assert.InRange(Noise.Average(x => Math.Pow(x, 4)), 3 - 0.049, 3 + 0.049);
    }

    [Theory]
    [InlineData(-2, 0.022750)]
    [InlineData(-1, 0.158655)]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841345)]
    [InlineData(2, 0.977250)]
    public void Fill_Many_HasTheQuantilesOfANormalDistribution(double below, double share)
    {
        var error = 5 * Math.Sqrt(share * (1 - share) / Many);
        Assert.InRange(Noise.Count(x => x < below) / (double)Many, share - error, share + error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(128)]
    public void Fill_Many_NeighboursAreIndependent(int distance)
    {
        var correlation = Enumerable.Range(0, Many - distance).Average(i => (double)Noise[i] * Noise[i + distance]);
        Assert.InRange(correlation, -0.005, 0.005);

        // A common factor would leave the numbers uncorrelated, but not their squares: variance 2 each, hence 2 / 1000 of error.
        var ofSquares = Enumerable.Range(0, Many - distance).Average(i => ((Noise[i] * Noise[i]) - 1.0) * ((Noise[i + distance] * Noise[i + distance]) - 1));
        Assert.InRange(ofSquares, -0.01, 0.01);
    }

    [Theory]
    [InlineData(11, 3)]
    [InlineData(12, 2)]
    public void Fill_OtherSeedOrSegment_IsIndependent(int seed, int segment)
    {
        var other = Fill(seed, segment, 0, Many);
        Assert.InRange(Enumerable.Range(0, Many).Average(i => (double)Noise[i] * other[i]), -0.005, 0.005);
    }

    private static float[] Fill(int seed, int segment, long first, int count)
    {
        var noise = new float[count];
        new GaussianNoise(seed, segment).Fill(first, noise);
        return noise;
    }
}
