using CosyVoice.Engine;
using CosyVoice.Models;

namespace CosyVoice.Tests.Engine;

public sealed class RepetitionAwareSamplerTests
{
    private static readonly float[] Scores = [.. new[] { 0.1f, 0.5f, 0.25f, 0.15f }.Select(p => MathF.Log(p))];

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.66, 1)] // 0.5 of the nucleus' 0.75
    [InlineData(0.67, 2)]
    [InlineData(0.999, 2)]
    public void Sample_WithinTheNucleus_DrawsInOrderOfProbability(double uniform, int expected)
    {
        Assert.Equal(expected, Draw(new() { TopP = 0.7 }, [.. Scores], [], _ => uniform));
    }

    [Fact]
    public void Sample_RepeatedId_IsDrawnAgainFromAllOthers()
    {
        // Without id 1 the order is 0, 2, 3 with 0.1, 0.25, 0.15 of 0.5: 0.8 falls on 3, outside of the nucleus.
        var draws = new[] { 0.1, 0.8 };

        Assert.Equal(3, Draw(new() { TopP = 0.7 }, [.. Scores], [1], draw => draws[draw]));
    }

    [Fact]
    public void Sample_RepetitionOutsideTheWindow_IsNone()
    {
        Assert.Equal(1, Draw(new() { TopP = 0.7, WindowSize = 2, TauR = 0.5 }, [.. Scores], [1, 0, 0], _ => 0.1));
    }

    [Fact]
    public void Sample_MaskedId_IsNeverDrawn()
    {
        float[] scores = [float.NegativeInfinity, .. Scores];

        for (var u = 0.0; u < 1; u += 0.01)
        {
            Assert.NotEqual(0, Draw(new() { TopP = 1, TopK = 5 }, [.. scores], [1, 2, 3, 4], _ => u));
        }
    }

    [Fact]
    public void Sample_EqualProbabilities_AreTakenByRisingId()
    {
        Assert.Equal(0, Draw(new() { TopK = 1 }, new float[50], [], _ => 0.9));
    }

    [Fact]
    public void Sample_UniformJustBelowOne_StaysInTheVocabulary()
    {
        var id = Draw(new(), new float[6564], [0], _ => 1 - (1.0 / (1UL << 53)));

        Assert.InRange(id, 0, 6563);
    }

    [Fact]
    public void Sample_ScoresThatAreNoNumbers_SaysSo()
    {
        Assert.Equal(-1, Draw(new(), [0, float.NaN, 0], [], _ => 0.5));
        Assert.Equal(-1, Draw(new(), [0, float.PositiveInfinity, 0], [], _ => 0.5));
    }

    private static int Draw(SamplingRules rules, float[] scores, int[] decoded, Func<int, double> uniform) =>
        new RepetitionAwareSampler(rules).Sample(scores, new TokenDraw(decoded, uniform, Range.All)).Id;
}

public sealed class CounterRandomTests
{
    [Fact]
    public void Uniform_EveryCoordinate_ChangesTheNumber()
    {
        double[] values =
        [
            CounterRandom.Uniform(1, 0, 0, 0), CounterRandom.Uniform(2, 0, 0, 0), CounterRandom.Uniform(1, 1, 0, 0),
            CounterRandom.Uniform(1, 0, 1, 0), CounterRandom.Uniform(1, 0, 0, 1),
        ];

        Assert.Equal(values.Length, values.Distinct().Count());
    }

    [Fact]
    public void Uniform_ManyDraws_AreUniform()
    {
        // 100,000 draws in 20 bins: chi-square with 19 degrees of freedom stays below 43.8 with p = 0.999.
        var bins = new int[20];
        for (var step = 0; step < 100_000; step++)
        {
            bins[(int)(20 * CounterRandom.Uniform(1986, 3, step, 0))]++;
        }

        Assert.True(bins.Sum(count => (count - 5000.0) * (count - 5000.0) / 5000) < 43.8);
    }
}
