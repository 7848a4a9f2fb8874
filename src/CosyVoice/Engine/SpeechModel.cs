using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Engine;

/// <summary>A model that can speak: its stages, its voices, its text frontend. Immutable; an engine runs it.</summary>
/// <param name="reading">What becomes of the texts it is given.</param>
public sealed class SpeechModel(SpeechModelParts parts, TextReading reading = TextReading.Spoken) : IDisposable
{
    private readonly SpeechModelParts _parts = parts;
    private readonly TextFrontend _text = new(parts.Tokenizer, reading);
    private readonly PromptRules _prompts = new(parts.Kind, parts.Tokenizer);

    public string Name => _parts.Name;

    /// <summary>Which generation it is: "cosyvoice2" or "cosyvoice3".</summary>
    public string Kind => _parts.Kind == ModelKind.CosyVoice3 ? "cosyvoice3" : "cosyvoice2";

    /// <summary>Samples per second.</summary>
    public int SampleRate => _parts.Vocoder.SampleRate;

    public IReadOnlyDictionary<string, Speaker> Speakers => _parts.Speakers;

    internal ILanguageModel LanguageModel => _parts.LanguageModel;

    internal ITokenSampler Sampler => _parts.Sampler;

    internal IFlow Flow => _parts.Flow;

    internal IVocoder Vocoder => _parts.Vocoder;

    /// <summary>Loads a model folder in the original layout for this machine's processor.</summary>
    /// <param name="threads">Threads that compute, at least 1.</param>
    /// <param name="reading">What becomes of the texts it is given.</param>
    /// <exception cref="ModelLoadException">The folder holds no usable model; every problem is named.</exception>
    public static SpeechModel Load(string directory, int threads, TextReading reading = TextReading.Spoken) =>
        Load(directory, new ProcessorBackend(threads), reading);

    /// <summary>Loads a model folder in the original layout.</summary>
    /// <param name="backend">What computes its stages; disposed with the model, and when loading fails.</param>
    /// <param name="reading">What becomes of the texts it is given.</param>
    /// <exception cref="ModelLoadException">The folder holds no usable model; every problem is named.</exception>
    public static SpeechModel Load(string directory, IStageBackend backend, TextReading reading = TextReading.Spoken) =>
        new(ModelLoader.Load(directory, backend), reading);

    /// <summary>Cuts a text into segments of text ids; none when nothing is left to speak.</summary>
    public IReadOnlyList<TextSegment> Prepare(string text) => _text.Prepare(text);

    /// <summary>
    /// Speech tokens of another recording as segments for <see cref="SpeechMode.Conversion"/>, cut where they are longer than
    /// half a minute.
    /// </summary>
    public static IReadOnlyList<TextSegment> PrepareSource(IReadOnlyList<int> speechTokens)
    {
        const int longest = 750; // 30 s
        var count = (speechTokens.Count + longest - 1) / longest;
        return [.. Enumerable.Range(0, count).Select(i => new TextSegment(
            "", [.. speechTokens.Take((int)((long)speechTokens.Count * (i + 1) / count)).Skip((int)((long)speechTokens.Count * i / count))]))];
    }

    /// <summary>Text ids of a recording's words, as a <see cref="Speaker.PromptText"/>; not normalised.</summary>
    public int[] Encode(string transcript) => _parts.Tokenizer.Encode(transcript);

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

    internal TextFeed CreateFeed() => new(_parts.Tokenizer, _text.ReadArriving());

    /// <summary>Begins a segment of a request, or continues the one at which it is to go on.</summary>
    /// <exception cref="State.StateException">It cannot go on there.</exception>
    internal Sequence Start(SpeechRun run, int segment) => Start(run, segment, before: null);

    /// <summary>Begins a segment again whose tokens, all decoded and none spoken, look wrong; null where it is to be spoken as it is.</summary>
    internal Sequence? StartAgain(Sequence sequence)
    {
        var (run, tokens) = (sequence.Run, sequence.Spoken);
        if (run.Request is not { Check: true, Streaming: false, Mode: not SpeechMode.Conversion } || run.Feed is not null)
        {
            return null;
        }

        var fault = SpeechCheck.Find(sequence.Text, tokens);
        if (fault == SpeechFault.None)
        {
            return null;
        }

        if (sequence.Before is not { } before)
        {
            return Start(run, sequence.Segment, new FirstTry([.. sequence.Decoder.Tokens], fault));
        }

        return SpeechCheck.Oddity(sequence.Text, before.Tokens) <= SpeechCheck.Oddity(sequence.Text, tokens)
            ? Start(run, sequence.Segment, before with { IsKept = true })
            : null;
    }

    private Sequence Start(SpeechRun run, int segment, FirstTry? before)
    {
        var request = run.Request;
        var resume = request.Resume?.Segment == segment ? request.Resume : null;
        var text = run.Feed is null ? request.Segments[segment].Tokens : [];
        var voice = _prompts.Apply(request.Speaker, request.Mode, request.Instruction, text);
        var tokens = before is { IsKept: true } ? new GivenTokens(before.Tokens)
            : Tokens(run, segment, voice, text, resume?.Tokens, before is null ? run.Request.Seed : FirstTry.SeedAfter(run.Request.Seed));
        var silence = new SilenceFilter(request.Mode == SpeechMode.Conversion ? ModelKind.CosyVoice2 : _parts.Kind);
        var schedule = new ChunkSchedule(
            request.Streaming, _parts.Timing.ChunkTokens, _parts.Timing.LookAheadTokens, voice.FlowPromptTokens.Length);
        var sequence = new Sequence(run, segment, tokens, silence, LanguageModel.CreateCache(), schedule, Renderer(request, voice, segment)) { Before = before };
        try
        {
            if (resume is { State.IsEmpty: false })
            {
                sequence.Restore(resume);
            }

            if (tokens.Ended)
            {
                sequence.Cache.Dispose(); // Nothing will be asked.
            }

            return sequence;
        }
        catch
        {
            sequence.Dispose();
            throw;
        }
    }

    private ITokenSource Tokens(SpeechRun run, int segment, Speaker voice, int[] text, IReadOnlyList<int>? known, int seed)
    {
        if (run.Request.Mode == SpeechMode.Conversion)
        {
            return new GivenTokens(text);
        }

        double Uniform(int step, int draw) => CounterRandom.Uniform(seed, segment, step, draw);
        if (run.Feed is { } feed)
        {
            return new StreamedTokens(feed, segment, new TextStreamDecoder(
                LanguageModel, _parts.MixRatio, voice.PromptText, voice.PromptSpeechTokens, Uniform,
                endOfPromptId: _prompts.InstructionEnd, known: known));
        }

        var utterance = new Utterance { Text = text, PromptText = voice.PromptText, PromptSpeechTokens = voice.PromptSpeechTokens };
        return new TokenDecoder(LanguageModel, utterance, Uniform, known: known);
    }

    private SegmentRenderer Renderer(SpeechRequest request, Speaker voice, int segment) => new(
        _parts.Flow,
        new VocoderStream(_parts.Vocoder, _parts.Noise(request.Seed, segment)),
        voice, _parts.Timing, request.Speed);
}
