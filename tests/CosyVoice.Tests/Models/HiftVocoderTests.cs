using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.Tests.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Models;

public sealed class HiftVocoderTests(HiftFixture fixture) : IClassFixture<HiftFixture>
{
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Synthesize_AnyThreadCount_SameBits(int frames)
    {
        using var mel = fixture.Mel(frames);
        var expected = fixture.Vocoder.Synthesize(mel, HashNoise.Fill);
        foreach (var threads in (int[])[1, 3, 5])
        {
            using var workers = new Workers(threads);
            using var vocoder = fixture.Load(workers);
            Samples.AssertSameBits(expected, vocoder.Synthesize(mel, HashNoise.Fill));
        }
    }

    [Fact]
    public void Synthesize_SeveralCallersAtOnce_SameBitsAsAlone()
    {
        Tensor[] mels = [fixture.Mel(30), fixture.Mel(3), fixture.Mel(17)];
        float[][] alone = [.. mels.Select(mel => fixture.Vocoder.Synthesize(mel, HashNoise.Fill))];
        var together = new float[mels.Length][];
        Thread[] callers = [.. mels.Select((mel, i) => new Thread(() => together[i] = fixture.Vocoder.Synthesize(mel, HashNoise.Fill)))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        for (var i = 0; i < mels.Length; i++)
        {
            Samples.AssertSameBits(alone[i], together[i]);
            mels[i].Dispose();
        }
    }

    [Fact]
    public void Synthesize_OneFrame_GivesOneHopWithinTheLimit()
    {
        using var mel = fixture.Mel(1);
        var samples = fixture.Vocoder.Synthesize(mel, HashNoise.Fill);
        Assert.Equal(fixture.Vocoder.HopLength, samples.Length);
        Assert.DoesNotContain(samples, sample => !(MathF.Abs(sample) <= fixture.Config.AudioLimit));
    }

    [Fact]
    public void Decode_LoudMel_StaysWithinTheLimit()
    {
        using var mel = fixture.Mel(4);
        foreach (ref var value in mel.Span)
        {
            value *= 40;
        }

        var samples = fixture.Vocoder.Decode(mel, new float[4 * fixture.Vocoder.HopLength]);
        Assert.Equal(fixture.Config.AudioLimit, samples.Max(MathF.Abs));
    }

    [Fact]
    public void Constructor_OldNamesOfWeightNorm_SameBits()
    {
        using var renamed = new MemoryCheckpoint();
        foreach (var (name, tensor) in fixture.Weights.Tensors)
        {
            var old = name.Replace("parametrizations.weight.original0", "weight_g", StringComparison.Ordinal)
                .Replace("parametrizations.weight.original1", "weight_v", StringComparison.Ordinal);
            renamed.Add(old, tensor.ToFloats(), [.. tensor.Shape]);
        }

        var scope = new WeightScope(renamed);
        using var vocoder = new HiftVocoder(scope, fixture.Config, fixture.Workers);
        scope.ThrowIfIncomplete();
        using var mel = fixture.Mel(2);
        Samples.AssertSameBits(fixture.Vocoder.Synthesize(mel, HashNoise.Fill), vocoder.Synthesize(mel, HashNoise.Fill));
    }

    [Fact]
    public void Constructor_ConfigOfOtherSizes_NamesTheTensors()
    {
        var scope = new WeightScope(fixture.Weights);
        using var vocoder = new HiftVocoder(scope, fixture.Config with { F0CondChannels = 40 }, fixture.Workers);
        var error = Assert.Throws<CheckpointException>(scope.ThrowIfIncomplete);
        Assert.Contains("f0_predictor.classifier.weight has shape [1, 32], expected [1, 40]", error.Problems);
    }

    [Fact]
    public void Decode_BadInput_NamesTheValueAndTheRange()
    {
        var hop = fixture.Vocoder.HopLength;
        Refused("mel is [0, 80]; the vocoder takes at least one frame", 0, 80, 0);
        Refused("mel is [2, 79]", 2, 79, 2 * hop);
        Refused($"{hop} samples of excitation do not match 2 mel frames of {hop}", 2, 80, hop);

        void Refused(string expected, int frames, int bins, int samples)
        {
            using var mel = new Tensor(frames, bins);
            var error = Assert.Throws<ArgumentException>(() => fixture.Vocoder.Decode(mel, new float[samples]));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }
}
