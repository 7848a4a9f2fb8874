using CosyVoice.Audio;

namespace CosyVoice.Tests.Audio;

public sealed class EdgeFadeTests
{
    private const int Rate = 24_000;
    private const int Length = Rate * EdgeFade.Milliseconds / 1000;

    [Fact]
    public void Apply_InThePieces_IsWhatItIsForTheWhole()
    {
        var whole = Ones(1000);
        EdgeFade.Apply(whole, Rate, first: true, last: true);
        var (begin, middle, end) = (Ones(300), Ones(300), Ones(400));
        EdgeFade.Apply(begin, Rate, first: true, last: false);
        EdgeFade.Apply(middle, Rate, first: false, last: false);
        EdgeFade.Apply(end, Rate, first: false, last: true);

        Assert.Equal(whole, begin.Concat(middle).Concat(end));
        Assert.All(whole[Length..^Length], sample => Assert.Equal(1, sample));
        Assert.Equal(whole.Take(Length).Order(), whole.Take(Length));
        Assert.Equal(whole.AsEnumerable().Reverse(), whole);
        Assert.InRange(whole[0], 0, 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public void Apply_ShorterThanTheFade_StaysWithin(int count)
    {
        var samples = Ones(count);
        EdgeFade.Apply(samples, Rate, first: true, last: true);

        Assert.All(samples, sample => Assert.InRange(sample, 0, 1));
    }

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];
}
