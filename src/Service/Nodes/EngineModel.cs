using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyOrleans.Service.Nodes;

/// <summary>A model folder, run by the engine in this process.</summary>
public sealed class EngineModel : ILoadedModel
{
    private readonly SpeechModel _model;
    private readonly SpeechEngine _engine;

    private EngineModel(SpeechModel model, int maxConcurrent)
    {
        _model = model;
        // Speeches cut off elsewhere may come on top of what runs here: admission doubles the slots for them.
        _engine = new SpeechEngine(model, new SpeechEngineOptions { MaximumBatch = 2 * maxConcurrent });
        VoiceIds = [.. model.Speakers.Keys.Order(StringComparer.Ordinal)];
    }

    public string Name => _model.Name;

    public string Kind => _model.Kind;

    public int SampleRate => _model.SampleRate;

    public IReadOnlyList<string> VoiceIds { get; }

    public static EngineModel Load(string directory, int threads, int maxConcurrent) =>
        new(SpeechModel.Load(directory, threads), maxConcurrent);

    public IReadOnlyList<TextSegment> Prepare(string text) => _model.Prepare(text);

    public string? WhyNot(Speaker speaker) => _model.WhyNot(speaker);

    public IAsyncEnumerable<AudioChunk> SpeakAsync(SpeechInput input, CancellationToken cancellationToken) =>
        _engine.SpeakAsync(
            new SpeechRequest
            {
                Segments = input.Segments,
                Speaker = input.Speaker ?? _model.Speakers[input.VoiceId],
                Seed = input.Seed,
                Speed = input.Speed,
                Streaming = input.Streaming,
                Background = input.Background,
                Resume = input.Resume,
            },
            cancellationToken);

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
    }
}
