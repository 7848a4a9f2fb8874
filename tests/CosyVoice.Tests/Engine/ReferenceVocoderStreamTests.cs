using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Engine;

/// <summary>The mels of the model_v2 runs through the vocoder, in the reference's pieces and at its speeds.</summary>
public sealed class ReferenceVocoderStreamTests
{
    [Fact]
    public void Append_MelOfTheReference_GivesItsWave()
    {
        var fixture = new Fixture(Repository.Fixture("model_v2"));
        var model = ModelDirectory.Open(fixture.File("model"));
        using var weights = model.OpenVocoder();
        using var workers = new Workers(2);
        using var vocoder = new HiftVocoder(new WeightScope(weights), model.Config.Hift, workers);
        var report = new ParityReport(TextWriter.Null);
        foreach (var one in fixture.Cases().Where(one => one.Has("out.chunk0.mel_new")))
        {
            report.CompareSnr(one.Name, "wav", Run(vocoder, one), one.Floats("out.wav"), one.WavMinSnrDb);
        }

        Assert.Empty(report.Failures);
        Assert.True(report.Passed > 5);
    }

    private static float[] Run(HiftVocoder vocoder, FixtureCase one)
    {
        using var stream = new ReferenceVocoderStream(vocoder, HashNoise.Fill);
        var samples = new List<float>();
        for (var chunk = 0; one.Has($"out.chunk{chunk}.mel_new"); chunk++)
        {
            var shape = one.Shape($"out.chunk{chunk}.mel_new");
            using var mel = Tensor.From(Layout.Transpose(one.Floats($"out.chunk{chunk}.mel_new"), shape[1], shape[2]), shape[2], shape[1]);
            var speed = one.Number("speed", 1);
            using var resized = speed == 1 ? null : MelResize.Resize(mel, speed);
            samples.AddRange(stream.Append(resized ?? mel, last: !one.Has($"out.chunk{chunk + 1}.mel_new")));
        }

        return [.. samples];
    }
}
