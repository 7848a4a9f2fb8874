using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Engine;

/// <summary>A model that can speak: its stages, its voices, its text frontend. Immutable; an engine runs it.</summary>
public sealed class SpeechModel(SpeechModelParts parts) : IDisposable
{
    private readonly SpeechModelParts _parts = parts;
    private readonly TextFrontend _text = new(parts.Tokenizer);

    public string Name => _parts.Name;

    /// <summary>Which generation it is: "cosyvoice2" or "cosyvoice3".</summary>
    public string Kind => _parts.Kind == ModelKind.CosyVoice3 ? "cosyvoice3" : "cosyvoice2";

    /// <summary>Samples per second.</summary>
    public int SampleRate => _parts.Vocoder.SampleRate;

    public IReadOnlyDictionary<string, Speaker> Speakers => _parts.Speakers;

    internal ILanguageModel LanguageModel => _parts.LanguageModel;

    /// <summary>Loads a model folder in the original layout for this machine's processor.</summary>
    /// <param name="threads">Threads that compute, at least 1.</param>
    /// <exception cref="ModelLoadException">The folder holds no usable model; every problem is named.</exception>
    public static SpeechModel Load(string directory, int threads) => new(ModelLoader.Load(directory, threads));

    /// <summary>Cuts a text into segments of text ids; none when nothing is left to speak.</summary>
    public IReadOnlyList<TextSegment> Prepare(string text) => _text.Prepare(text);

    /// <summary>Why this model cannot speak with a voice, as the end of a sentence; null: it can.</summary>
    public string? WhyNot(Speaker speaker) => SpeakerCheck.Problem(speaker, LanguageModel, _parts.Timing.FramesPerToken);

    public void Dispose()
    {
        _parts.LanguageModel.Dispose();
        _parts.Flow.Dispose();
        _parts.Vocoder.Dispose();
        foreach (var shared in _parts.Shared)
        {
            shared.Dispose();
        }
    }

    /// <summary>Begins a segment of a request, or continues the one at which it is to go on.</summary>
    /// <exception cref="State.StateException">It cannot go on there.</exception>
    internal Sequence Start(SpeechRun run, int segment)
    {
        var request = run.Request;
        var resume = request.Resume?.Segment == segment ? request.Resume : null;
        var utterance = new Utterance
        {
            Text = request.Segments[segment].Tokens,
            PromptText = request.Speaker.PromptText,
            PromptSpeechTokens = request.Speaker.PromptSpeechTokens,
        };
        var decoder = new TokenDecoder(
            LanguageModel, _parts.Sampler, utterance, (step, draw) => CounterRandom.Uniform(request.Seed, segment, step, draw),
            known: resume?.Tokens);
        var schedule = new ChunkSchedule(
            request.Streaming, _parts.Timing.ChunkTokens, _parts.Timing.LookAheadTokens, request.Speaker.FlowPromptTokens.Length);
        var sequence = new Sequence(run, segment, decoder, LanguageModel.CreateCache(), schedule, Renderer(request, segment));
        try
        {
            if (resume is { State.IsEmpty: false })
            {
                sequence.Restore(resume);
            }

            return sequence;
        }
        catch
        {
            sequence.Dispose();
            throw;
        }
    }

    private SegmentRenderer Renderer(SpeechRequest request, int segment) => new(
        _parts.Flow,
        new VocoderStream(_parts.Vocoder, _parts.Noise(request.Seed, segment)),
        request.Speaker, _parts.Timing, request.Speed);
}
