using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Models;

/// <summary>The small flow of CosyVoice 2 in the fixtures.</summary>
public sealed class SecondFlow() : FlowFixture("flow_v2");

/// <summary>The small flow of CosyVoice 3 in the fixtures.</summary>
public sealed class ThirdFlow() : FlowFixture("flow_v3");

/// <summary>A small flow of the fixtures, and requests for it.</summary>
public abstract class FlowFixture : IDisposable
{
    private readonly Checkpoint _weights;

    protected FlowFixture(string folder)
    {
        var fixture = new Fixture(Repository.Fixture(folder));
        Config = FlowParity.ReadConfig(fixture.Config);
        _weights = fixture.Open("weights.safetensors");
        Workers = new Workers(2);
        Flow = Load(Workers);
    }

    public FlowConfig Config { get; }

    public Workers Workers { get; }

    internal FlowModel Flow { get; }

    internal FlowModel Load(Workers workers, FlowNoise? noise = null) => new(new WeightScope(_weights), Config, workers, noise);

    /// <summary>Tokens that follow one another the same way for every count, so that a shorter request is the start of a longer one.</summary>
    public FlowRequest Request(int tokens, int promptTokens = 0, bool streaming = false, bool finalize = true) => new()
    {
        Embedding = Wave(Config.SpeakerEmbeddingSize, 0.9f),
        PromptTokens = Tokens(promptTokens, 17),
        PromptMel = Wave(promptTokens * Config.TokenMelRatio * Config.OutputSize, 0.37f),
        Tokens = Tokens(tokens, 31),
        Streaming = streaming,
        Finalize = finalize,
    };

    public void Dispose()
    {
        Flow.Dispose();
        Workers.Dispose();
        _weights.Dispose();
        GC.SuppressFinalize(this);
    }

    private static float[] Wave(int count, float rate) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * rate))];

    private int[] Tokens(int count, int step) => [.. Enumerable.Range(1, count).Select(i => i * i * step % Config.VocabSize)];
}
