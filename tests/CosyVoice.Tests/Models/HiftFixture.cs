using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Models;

/// <summary>The small vocoder of the fixtures, the built-in voice's, and something for them to say.</summary>
public sealed class HiftFixture : IDisposable
{
    private readonly Checkpoint _builtInWeights;

    public HiftFixture()
    {
        var fixture = new Fixture(Repository.Fixture("hift_v2"));
        Config = HiftParity.ReadConfig(fixture.Config);
        Weights = fixture.Open("weights.safetensors");
        Vocoder = Load(Workers);
        var model = ModelDirectory.Open(Repository.File("models/default"));
        _builtInWeights = model.OpenVocoder();
        BuiltIn = new HiftVocoder(new WeightScope(_builtInWeights), model.Config.Hift, Workers);
    }

    public HiftConfig Config { get; }

    public Checkpoint Weights { get; }

    public Workers Workers { get; } = new(2);

    public HiftVocoder Vocoder { get; }

    /// <summary>A trained vocoder, which answers a mel of speech with a steady pitch.</summary>
    public HiftVocoder BuiltIn { get; }

    public HiftVocoder Load(Workers workers) => new(new WeightScope(Weights), Config, workers);

    /// <summary>A mel like that of slowly changing vowels, [frames, bins].</summary>
    public Tensor Mel(int frames)
    {
        var mel = new Tensor(frames, Config.InChannels);
        for (var frame = 0; frame < frames; frame++)
        {
            for (var bin = 0; bin < mel.Columns; bin++)
            {
                var tilt = -2 - (bin * 0.06f);
                var formants = MathF.Sin((bin * 0.25f) + (frame * 0.07f)) + (0.5f * MathF.Cos((bin * 0.9f) - (frame * 0.03f)));
                mel.Row(frame)[bin] = tilt + formants;
            }
        }

        return mel;
    }

    public static Tensor Slice(Tensor mel, int start, int count) => Tensor.From(mel.RowRange(start, count), count, mel.Columns);

    public static float[] Excitation(IVocoder vocoder, Tensor mel, ExcitationNoise noise)
    {
        using var excitation = vocoder.BeginExcitation(noise);
        return excitation.Append(mel, last: true).Samples;
    }

    public void Dispose()
    {
        Vocoder.Dispose();
        BuiltIn.Dispose();
        Workers.Dispose();
        Weights.Dispose();
        _builtInWeights.Dispose();
    }
}
