namespace CosyVoice.Tests.Seams;

/// <summary>The measure finds what it is for, and nothing else.</summary>
public sealed class SpeechSeamTests
{
    private const int Rate = 24_000;

    [Fact]
    public void Click_OneWaveCutInTwo_IsNone()
    {
        var wave = Hum(1, 0.3);

        Assert.InRange(Seam(wave[..12_345], wave[12_345..]).ClickDecibels, -60, 0.1);
    }

    [Theory]
    [InlineData(0.05, 0, 20)] // A jump into silence.
    [InlineData(0.01, 0, 10)]
    [InlineData(0.3, -0.3, 20)]
    public void Click_WaveThatJumps_StandsOut(double last, double first, double least)
    {
        var (before, after) = (Hum(1, 0.001), Hum(1, 0.001));
        for (var i = 0; i < 480; i++)
        {
            before[^(i + 1)] = (float)(last * Math.Exp(-i / 200.0));
            after[i] = (float)(first * Math.Exp(-i / 200.0));
        }

        Assert.InRange(Seam(before, after).ClickDecibels, least, 80);
    }

    [Fact]
    public void LevelJump_SecondHalfTwiceAsLoud_IsSixDecibelsHoweverMuchIsSilent()
    {
        float[] after = [.. new float[2 * Rate], .. Hum(1, 0.2)];

        Assert.Equal(6.02, Seam(Hum(3, 0.1), after).LevelJumpDecibels, 0.3);
        Assert.Equal(-6.02, Seam(after, Hum(3, 0.1)).LevelJumpDecibels, 0.3);
    }

    [Fact]
    public void Tail_WordCutOff_IsAsLoudAsTheRest()
    {
        var whole = Hum(1, 0.3);
        float[] ended = [.. whole, .. new float[1000]];

        Assert.InRange(Seam(whole, whole).TailDecibels, -3, 3);
        Assert.InRange(Seam(whole, whole).HeadDecibels, -3, 3);
        Assert.InRange(Seam(ended, whole).TailDecibels, -200, -60);
    }

    private static SpeechSeam Seam(float[] before, float[] after) => new(before, after, Rate);

    private static float[] Hum(double seconds, double amplitude) =>
        [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(i => (float)(amplitude * (Math.Sin(i * 0.05) + (0.3 * Math.Sin(i * 0.31)))))];
}
