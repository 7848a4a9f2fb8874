using CosyVoice.Audio;

namespace CosyVoice.Tests.Audio;

public class ResamplerTests
{
    [Theory]
    [InlineData(16_000, 24_000)]
    [InlineData(22_050, 16_000)]
    [InlineData(44_100, 24_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(96_001, 24_000)]
    public void Resample_Tone_StaysTheTone(int from, int to)
    {
        float[] tone = [.. Enumerable.Range(0, from / 4).Select(i => MathF.Sin(2 * MathF.PI * 440 * i / from))];

        var got = new Resampler(from, to).Resample(tone);

        Assert.Equal((int)Math.Ceiling((double)to * tone.Length / from), got.Length);
        for (var i = 200; i < got.Length - 200; i++) // the ends know nothing of what lies beyond
        {
            Assert.Equal(MathF.Sin(2 * MathF.PI * 440 * i / to), got[i], 2e-3f);
        }
    }

    [Fact]
    public void Resample_AboveTheLowerHalfRate_IsSilenced()
    {
        float[] tone = [.. Enumerable.Range(0, 12_000).Select(i => MathF.Sin(2 * MathF.PI * 11_000 * i / 48_000))];

        var got = new Resampler(48_000, 16_000).Resample(tone);

        Assert.All(got.Skip(50).SkipLast(50), sample => Assert.InRange(sample, -0.02f, 0.02f));
    }

    [Fact]
    public void Resample_SameRate_IsTheSame() => Assert.Equal([1f, 2f, 3f], new Resampler(24_000, 24_000).Resample([1, 2, 3]));

    [Fact]
    public void Resample_FewSamples_HasACeiledLength()
    {
        Assert.Empty(new Resampler(24_000, 16_000).Resample([]));
        Assert.Single(new Resampler(48_000, 16_000).Resample([1]));
        Assert.Equal(2, new Resampler(24_000, 16_000).Resample([1, 1]).Length);
    }
}
