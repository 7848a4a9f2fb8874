using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.State;
using CosyVoice.Tests.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Models;

/// <summary>CosyVoice 3's vocoder, which looks back only: however its mel is cut, the samples are those of the whole, bit for bit.</summary>
public sealed class CausalHiftTests : IDisposable
{
    private readonly Checkpoint _weights;
    private readonly HiftConfig _config;
    private readonly Workers _workers = new(2);
    private readonly HiftVocoder _vocoder;

    public CausalHiftTests()
    {
        var fixture = new Fixture(Repository.Fixture("hift_v3"));
        _config = HiftParity.ReadConfig(fixture.Config);
        _weights = fixture.Open("weights.safetensors");
        _vocoder = Load(_workers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Synthesize_AnyThreadCount_SameBits(int frames)
    {
        using var mel = Mel(frames);
        var expected = _vocoder.Synthesize(mel, HashNoise.FillUniform);
        foreach (var threads in (int[])[1, 3, 5])
        {
            using var workers = new Workers(threads);
            using var vocoder = Load(workers);
            Samples.AssertSameBits(expected, vocoder.Synthesize(mel, HashNoise.FillUniform));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8, 33, 120)]
    [InlineData(50, 150)]
    [InlineData(1, 2, 3, 9, 40, 41, 90)]
    [InlineData(119, 120)]
    [InlineData(13, 26, 39, 52, 65, 78, 91, 104)]
    public void Append_AnyCuts_IsTheWholeBitForBit(params int[] ends)
    {
        using var mel = Mel(ends[^1]);
        using var stream = new VocoderStream(_vocoder, HashNoise.FillUniform);
        var samples = new List<float>();
        for (var i = 0; i < ends.Length; i++)
        {
            samples.AddRange(Append(stream, mel, i == 0 ? 0 : ends[i - 1], ends[i], ends[^1]));
        }

        Samples.AssertSameBits(_vocoder.Synthesize(mel, HashNoise.FillUniform), [.. samples]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(14)]
    [InlineData(60)]
    [InlineData(99)]
    public void Restore_AfterAnyPiece_GivesTheRestBitForBit(int cut)
    {
        using var mel = Mel(100);
        using var stream = new VocoderStream(_vocoder, HashNoise.FillUniform);
        var before = Append(stream, mel, 0, cut, 100);
        var state = new StateWriter();
        stream.Save(state);
        Assert.InRange(state.Bytes.Length, 0, 16 * 1024);

        using var other = new VocoderStream(_vocoder, HashNoise.FillUniform);
        var reader = new StateReader(state.Bytes);
        other.Restore(reader);
        reader.End();

        Samples.AssertSameBits(_vocoder.Synthesize(mel, HashNoise.FillUniform), [.. before, .. Append(other, mel, cut, 100, 100)]);
    }

    [Fact]
    public void Append_AFrame_IsGivenOutFiveFramesLater()
    {
        using var mel = Mel(50);
        using var stream = new VocoderStream(_vocoder, HashNoise.FillUniform);
        Assert.Equal(45 * _vocoder.HopLength, Append(stream, mel, 0, 50, 100).Length);
    }

    [Fact]
    public void Reach_IsNoLongerThanItMustBe()
    {
        // A frame less would not be enough, or a few frames too many would be decoded again with every piece.
        Assert.InRange(_vocoder.Reach.Before, 26, 34);
        Assert.Equal((5, true), (_vocoder.Reach.After, _vocoder.Reach.IsAll));
    }

    public void Dispose()
    {
        _vocoder.Dispose();
        _workers.Dispose();
        _weights.Dispose();
    }

    private static float[] Append(VocoderStream stream, Tensor mel, int start, int end, int last)
    {
        using var piece = HiftFixture.Slice(mel, start, end - start);
        return stream.Append(piece, last: end == last);
    }

    private static Tensor Mel(int frames) => Tensor.From(Samples.Uniform(frames * 80, seed: 4, scale: 3), frames, 80);

    private HiftVocoder Load(Workers workers) => new(new WeightScope(_weights), _config, workers);
}
