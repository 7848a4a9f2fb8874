using System.Runtime.CompilerServices;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.State;
using CosyVoice.Text;
using CosyVoice.Text.Arriving;
using CosyVoice.Text.Marks;

namespace CosyOrleans.Service.Tests;

/// <summary>
/// A model that needs no weights: its sound depends on everything that decides how a speech sounds, so that two speeches
/// cannot be mistaken for one another, and tests decide when each chunk comes.
/// </summary>
internal sealed class ToneModel : ILoadedModel
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(int Active, TaskCompletionSource Reached)> _waiting = [];
    private int _active;
    private int _heard;

    public string Name => "tone";

    public string Kind => "tone";

    public int SampleRate => 24000;

    /// <summary>Tests decide.</summary>
    public string? Fingerprint { get; set; } = "tone";

    public IReadOnlyList<string> VoiceIds { get; init; } = ["amy", "ben"];

    /// <summary>Samples of a chunk; a segment has one chunk per word.</summary>
    public int ChunkSamples { get; set; } = 2400;

    /// <summary>Awaited before each chunk, the first being 0.</summary>
    public Func<SpeechInput, int, CancellationToken, Task> BeforeChunk { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Speeches that have begun and not ended.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Speeches that have ever begun.</summary>
    public int Begun { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>What this model does not understand of any text; tests decide.</summary>
    public IReadOnlyList<string> UnknownMarks { get; init; } = [];

    public IReadOnlyList<TextSegment> Prepare(string text) => UnknownMarks.Count > 0 ? throw new PronunciationMarkException(UnknownMarks) :
        [.. text.Split('.', '!', '?').Where(part => part.Any(char.IsLetterOrDigit))
            .Select(part => new TextSegment(part, [.. Words(part).Select(word => word.Length)]))];

    /// <summary>Tests decide.</summary>
    public string? Problem { get; set; }

    public string? WhyNot(Speaker speaker) => Problem;

    /// <summary>Own voices made from a recording; the others are not.</summary>
    public IReadOnlyList<string> Recorded { get; init; } = [];

    /// <summary>Recordings that were listened to.</summary>
    public int Heard => _heard;

    /// <summary>Awaited while listening to a recording.</summary>
    public Func<CancellationToken, Task> WhileListening { get; set; } = _ => Task.CompletedTask;

    public Speaker OwnVoice(string id) => Recorded.Contains(id)
        ? new Speaker { Id = id, Embedding = [], PromptText = [1], PromptSpeechTokens = [1], FlowPromptTokens = [1] }
        : new Speaker { Id = id, Embedding = [] };

    /// <summary>A token for each ten bytes of the recording.</summary>
    public async Task<int[]> ListenAsync(ReadOnlyMemory<byte> recording, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _heard);
        await WhileListening(cancellationToken);
        return [.. Enumerable.Range(0, recording.Length / 10)];
    }

    /// <summary>The length of the recording is the voice; "silence" is none.</summary>
    public async Task<EnrolledVoice> EnrolAsync(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _heard);
        await WhileListening(cancellationToken);
        if (recording.Span.SequenceEqual("silence"u8))
        {
            throw new RecordingException([new RecordingProblem("There is no speech.", "Speak."), new RecordingProblem("It is short.", "Speak on.")]);
        }

        var speaker = new Speaker { Id = id, Embedding = [.. Enumerable.Repeat(recording.Length / 64f, Speaker.EmbeddingSize)], PromptText = [.. transcript.Select(c => (int)c)] };
        return new EnrolledVoice(speaker, TestReport, Kind);
    }

    public static RecordingReport TestReport { get; } = new()
    {
        Seconds = 2.5, SampleRate = 44_100, Channels = 2, PeakDecibels = -3, ClippedShare = 0, SignalToNoiseDecibels = 41.5, LeadingSilence = 0.25, TrailingSilence = 0.5,
        SyllablesPerSecond = 4, Warnings = [new RecordingProblem("It is short.", "Speak on.")],
    };

    public async IAsyncEnumerable<AudioChunk> SpeakAsync(
        SpeechInput input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Count(+1);
        try
        {
            if (input.Resume is { State.Length: > 1 })
            {
                throw new StateException("The checkpoint is damaged.");
            }

            long offset = 0;
            var number = 0;
            if (input.TextStream is { } text)
            {
                var (segments, said) = (0, "");
                await foreach (var (word, isLast) in WordsOf(text, cancellationToken))
                {
                    var segment = segments;
                    var report = isLast ? new SegmentReport((said + " " + word).Trim()) : null;
                    (segments, said) = isLast ? (segments + 1, "") : (segments, said + " " + word);
                    if (input.Resume is { } resume && resume.SampleOffset > offset)
                    {
                        offset += ChunkSamples;
                        continue;
                    }

                    await BeforeChunk(input, number++, cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                    var checkpoint = new SpeechCheckpoint { Segment = 0, SampleOffset = offset + ChunkSamples, Tokens = [word.Length], State = new byte[1] };
                    yield return new AudioChunk(offset, Samples(Spoken(input, word), offset), segment, [word.Length], checkpoint) { Ended = report };
                    offset += ChunkSamples;
                }
            }

            for (var segment = 0; segment < input.Segments.Count; segment++)
            {
                var tokens = input.Segments[segment].Tokens;
                for (var word = 0; word < tokens.Length; word++)
                {
                    if (input.Resume is { } resume && resume.SampleOffset > offset)
                    {
                        offset += ChunkSamples;
                        continue;
                    }

                    await BeforeChunk(input, number++, cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                    var samples = Samples(input, offset);
                    var end = offset + samples.Length;
                    yield return new AudioChunk(offset, samples, segment, [tokens[word]], Checkpoint(input, segment, word + 1, end))
                    {
                        Ended = word + 1 == tokens.Length ? Report(input, segment) : null,
                    };
                    offset = end;
                }
            }
        }
        finally
        {
            Count(-1);
        }
    }

    /// <summary>The samples of the whole speech, as a listener must get them.</summary>
    public short[] Expected(string text, string voice, int seed, double speed = 1, bool streaming = true, Speaker? speaker = null) =>
        Expected(new SpeechInput(Prepare(text), voice, seed, speed, streaming) { Speaker = speaker });

    /// <summary>The samples of the whole speech, as a listener must get them.</summary>
    public short[] Expected(SpeechInput input)
    {
        var chunks = input.Segments.Sum(segment => segment.Tokens.Length);
        List<short> expected = [];
        for (var i = 0; i < chunks; i++)
        {
            expected.AddRange(Samples(input, expected.Count).Select(Pcm));
        }

        return [.. expected];
    }

    /// <summary>The samples of a text that was written while it was spoken.</summary>
    public short[] ExpectedWritten(string text, string voice, int seed, Speaker? speaker = null)
    {
        var input = new SpeechInput([], voice, seed, 1, Streaming: true) { Speaker = speaker };
        return [.. Words(text).SelectMany((word, i) => Samples(Spoken(input, word), (long)i * ChunkSamples)).Select(Pcm)];
    }

    /// <summary>Completes when so many speeches are under way.</summary>
    public Task WhenActiveAsync(int active)
    {
        lock (_gate)
        {
            if (_active == active)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((active, reached));
            return reached.Task.WaitAsync(Patience);
        }
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>Before that word; null behind the last.</summary>
    private static SpeechCheckpoint? Checkpoint(SpeechInput input, int segment, int word, long offset)
    {
        var tokens = input.Segments[segment].Tokens;
        if (word == tokens.Length)
        {
            return segment + 1 < input.Segments.Count ? new SpeechCheckpoint { Segment = segment + 1, SampleOffset = offset } : null;
        }

        return new SpeechCheckpoint { Segment = segment, SampleOffset = offset, Tokens = tokens[..word], State = new[] { (byte)word } };
    }

    // Where there are three words; so that every field of a report is seen to arrive.
    private static SegmentReport Report(SpeechInput input, int segment) => new(input.Segments[segment].Text.Trim())
    {
        Fault = input.Segments[segment].Tokens.Length == 3 && input.Streaming ? SpeechFault.TooLong : SpeechFault.None,
        IsSecondTry = input.Segments[segment].Tokens.Length == 3 && input.Streaming,
    };

    private static short Pcm(float sample) => (short)MathF.Round(sample * 32768, MidpointRounding.AwayFromZero);

    private static SpeechInput Spoken(SpeechInput input, string word) => input with { Segments = [new TextSegment(word, [])] };

    /// <summary>
    /// Words as they come, and whether a segment ends with them; one that may go on is held back. [zzz] is no mark of this model.
    /// </summary>
    private static async IAsyncEnumerable<(string Word, bool IsLast)> WordsOf(IAsyncEnumerable<TextPiece> text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var held = "";
        await foreach (var piece in text.WithCancellation(cancellationToken))
        {
            held += piece.Text + (piece.Flush ? " " : "");
            if (held.Contains("[zzz]", StringComparison.Ordinal))
            {
                throw new PronunciationMarkException(["[zzz] is no mark."]);
            }

            var end = held.LastIndexOf(' ');
            var words = Words(held[..(end + 1)]);
            for (var i = 0; i < words.Length; i++)
            {
                yield return (words[i], ".!?".Contains(words[i][^1]) || (piece.Flush && i + 1 == words.Length));
            }

            held = held[(end + 1)..];
        }

        var rest = Words(held);
        for (var i = 0; i < rest.Length; i++)
        {
            yield return (rest[i], i + 1 == rest.Length);
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private void Count(int change)
    {
        lock (_gate)
        {
            _active += change;
            Begun += Math.Max(change, 0);
            foreach ((_, var reached) in _waiting.Where(waiting => waiting.Active == _active))
            {
                reached.TrySetResult();
            }
        }
    }

    private float[] Samples(SpeechInput input, long offset)
    {
        var key = (uint)input.Seed * 2654435761 + input.VoiceId.FirstOrDefault() + (input.Streaming ? 7u : 0) + (uint)(1000 * input.Speed);
        key += (uint)(1e6f * (input.Speaker?.Embedding.Sum() ?? 0));
        key += 77 * (uint)input.Mode;
        foreach (var c in string.Concat(input.Segments.Select(segment => segment.Text)) + input.Instruction)
        {
            key = key * 31 + c;
        }

        var samples = new float[ChunkSamples];
        for (var i = 0; i < samples.Length; i++)
        {
            var mixed = (key ^ (uint)(offset + i)) * 2246822519;
            samples[i] = ((mixed >> 16) - 32768f) / 40000;
        }

        return samples;
    }
}
