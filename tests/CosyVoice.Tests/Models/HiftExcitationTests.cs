using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Models;

public sealed class HiftExcitationTests(HiftFixture fixture) : IClassFixture<HiftFixture>
{
    private readonly ExcitationNoise _noise = new GaussianNoise(seed: 3, segment: 1).Fill;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(50)]
    public void Append_AnyCut_SettledSamplesAreThoseOfTheWhole(int pieceFrames)
    {
        using var mel = fixture.Mel(51);
        var whole = HiftFixture.Excitation(fixture.Vocoder, mel, _noise);
        using var excitation = fixture.Vocoder.BeginExcitation(_noise);
        var (hop, settled) = (fixture.Vocoder.HopLength, 0);
        for (var start = 0; start < mel.Rows; start += pieceFrames)
        {
            using var piece = HiftFixture.Slice(mel, start, Math.Min(pieceFrames, mel.Rows - start));
            var end = start + piece.Rows;
            var appended = excitation.Append(piece, last: end == mel.Rows);
            Assert.Equal((end - settled) * hop, appended.Samples.Length);
            Samples.AssertSameBits(
                whole.AsSpan(settled * hop, appended.SettledFrames * hop), appended.Samples.AsSpan(0, appended.SettledFrames * hop));
            settled += appended.SettledFrames;
        }

        Assert.Equal(mel.Rows, settled);
    }

    [Fact]
    public void Append_MoreFrames_ChangeTheSamplesThatWereNotSettled()
    {
        using var mel = fixture.Mel(20);
        using var head = HiftFixture.Slice(mel, 0, 12);
        var whole = HiftFixture.Excitation(fixture.Vocoder, mel, _noise);
        var early = HiftFixture.Excitation(fixture.Vocoder, head, _noise);
        Assert.NotEqual(whole[..early.Length], early);
    }

    [Fact]
    public void Append_NothingAfterTheLastFrame_SettlesTheRest()
    {
        using var mel = fixture.Mel(9);
        using var nothing = new Tensor(0, mel.Columns);
        using var excitation = fixture.Vocoder.BeginExcitation(_noise);
        var first = excitation.Append(mel, last: false);
        var rest = excitation.Append(nothing, last: true);
        var hop = fixture.Vocoder.HopLength;
        float[] together = [.. first.Samples[..(first.SettledFrames * hop)], .. rest.Samples];
        Samples.AssertSameBits(HiftFixture.Excitation(fixture.Vocoder, mel, _noise), together);
    }

    [Fact]
    public void Append_NothingAtAll_GivesNothing()
    {
        using var nothing = new Tensor(0, 80);
        using var excitation = fixture.Vocoder.BeginExcitation(_noise);
        var piece = excitation.Append(nothing, last: true);
        Assert.Empty(piece.Samples);
        Assert.Equal(0, piece.SettledFrames);
    }

    [Fact]
    public void Append_OtherNoise_IsHeard()
    {
        using var mel = fixture.Mel(3);
        Assert.NotEqual(
            HiftFixture.Excitation(fixture.Vocoder, mel, _noise),
            HiftFixture.Excitation(fixture.Vocoder, mel, new GaussianNoise(seed: 3, segment: 2).Fill));
    }
}
