using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Tests.Kernels;
using CosyVoice.Tests.Models;

namespace CosyVoice.Tests.Engine;

public sealed class VocoderStreamTests(HiftFixture fixture) : IClassFixture<HiftFixture>
{
    private readonly ExcitationNoise _noise = new GaussianNoise(seed: 5, segment: 0).Fill;

    [Theory]
    [InlineData(8, 33, 120)]
    [InlineData(50, 150)]
    [InlineData(1, 2, 3, 9, 40, 41, 90)]
    [InlineData(119, 120)]
    public void Append_AnyCuts_SoundsLikeTheWhole(params int[] ends)
    {
        using var mel = fixture.Mel(ends[^1]);
        var whole = fixture.BuiltIn.Synthesize(mel, _noise);
        var streamed = Stream(fixture.BuiltIn, mel, ends);
        Assert.Equal(whole.Length, streamed.Length);

        // The eight frames of context miss the outermost part of what the network looks at: 40 dB below the voice.
        var loudest = whole.Max(MathF.Abs);
        Samples.AssertClose([.. whole.Select(sample => (double)sample)], streamed, 0.01 * loudest, 0);

        // No click: nowhere a larger step than the voice itself makes.
        Assert.InRange(LargestStep(streamed), 0, 1.02f * LargestStep(whole));
    }

    [Fact]
    public void Append_OnePiece_IsTheWholeBitForBit()
    {
        using var mel = fixture.Mel(20);
        Samples.AssertSameBits(fixture.Vocoder.Synthesize(mel, _noise), Stream(fixture.Vocoder, mel, [20]));
    }

    [Fact]
    public void Append_TooFewFramesToDecode_WaitsForMore()
    {
        using var mel = fixture.Mel(40);
        using var head = HiftFixture.Slice(mel, 0, 15);
        using var stream = new VocoderStream(fixture.Vocoder, _noise);
        Assert.Empty(stream.Append(head, last: false));
        using var next = HiftFixture.Slice(mel, 15, 1);
        Assert.Equal(8 * fixture.Vocoder.HopLength, stream.Append(next, last: false).Length);
    }

    [Fact]
    public void Append_NothingFollows_GivesOutWhatWasHeldBack()
    {
        using var mel = fixture.Mel(30);
        using var nothing = new Tensor(0, mel.Columns);
        using var stream = new VocoderStream(fixture.Vocoder, _noise);
        Assert.Equal(22 * fixture.Vocoder.HopLength, stream.Append(mel, last: false).Length);
        Assert.Equal(8 * fixture.Vocoder.HopLength, stream.Append(nothing, last: true).Length);
    }

    [Fact]
    public void Append_NoFramesAtAll_GivesNothing()
    {
        using var nothing = new Tensor(0, 80);
        using var stream = new VocoderStream(fixture.Vocoder, _noise);
        Assert.Empty(stream.Append(nothing, last: false));
        Assert.Empty(stream.Append(nothing, last: true));
    }

    [Fact]
    public void Append_AfterTheLast_IsRefused()
    {
        using var mel = fixture.Mel(3);
        using var stream = new VocoderStream(fixture.Vocoder, _noise);
        stream.Append(mel, last: true);
        Assert.Throws<InvalidOperationException>(() => stream.Append(mel, last: true));
    }

    [Fact]
    public void Append_OtherNumberOfBins_IsRefused()
    {
        using var mel = fixture.Mel(3);
        using var other = new Tensor(3, 79);
        using var stream = new VocoderStream(fixture.Vocoder, _noise);
        stream.Append(mel, last: false);
        Assert.Contains("79 bins", Assert.Throws<ArgumentException>(() => stream.Append(other, last: false)).Message, StringComparison.Ordinal);
    }

    private float[] Stream(IVocoder vocoder, Tensor mel, int[] ends)
    {
        using var stream = new VocoderStream(vocoder, _noise);
        var (samples, start) = (new List<float>(), 0);
        foreach (var end in ends)
        {
            using var piece = HiftFixture.Slice(mel, start, end - start);
            samples.AddRange(stream.Append(piece, last: end == ends[^1]));
            start = end;
        }

        return [.. samples];
    }

    private static float LargestStep(float[] samples) => samples.Zip(samples.Skip(1), (a, b) => MathF.Abs(b - a)).Max();
}
