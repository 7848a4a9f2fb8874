using CosyVoice.Audio;
using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>One segment of a request on its way from text to sound.</summary>
internal sealed class Sequence(
    SpeechRun run, int segment, ITokenSource decoder, SilenceFilter silence, ISequenceCache cache, ChunkSchedule schedule, SegmentRenderer renderer)
    : IDisposable
{
    private bool _begun; // Whether any sound of the segment exists.
    private FlowChunk? _chunk; // Taken and not spoken yet.

    public SpeechRun Run { get; } = run;

    public int Segment { get; } = segment;

    public ITokenSource Decoder { get; } = decoder;

    /// <summary>What was decoded before and looked wrong; null where this is the first try.</summary>
    public FirstTry? Before { get; init; }

    public ISequenceCache Cache { get; } = cache;

    /// <summary>Positions that its cache has to hold for what the language model has yet to see.</summary>
    public int Needed => Cache.Length + Decoder.NextInputs().Length;

    /// <summary>Whether the earlier segments of the same request have been spoken to their end.</summary>
    public bool IsNext => Run.SegmentsSpoken == Segment;

    public bool Done => schedule.Done;

    /// <summary>What was read out of the text.</summary>
    public string Text => Run.Feed?.TextOf(Segment) ?? Run.Request.Segments[Segment].Text;

    /// <summary>The tokens that are spoken of those decoded so far.</summary>
    public IReadOnlyList<int> Spoken => silence.Spoken(Decoder.Tokens);

    /// <summary>What is to be decoded for the chunk that was taken; null: nothing.</summary>
    public VocoderPassage? Passage { get; private set; }

    public SequenceNeeds Needs(double now) => new(
        Decoder.Ended ? 0 : Decoder.NextInputs().Length,
        IsNext && !Run.IsAhead && schedule.IsReady(Spoken.Count, Decoder.Ended),
        Run.Urgency(now))
    {
        Shape = schedule.Peek(Spoken.Count, Decoder.Ended) is { } chunk ? renderer.ShapeOf(chunk) : 0,
    };

    /// <summary>Takes the chunk that is ready: what the flow is to be asked, or null where the segment ends without more sound.</summary>
    public FlowRequest? TakeChunk()
    {
        var tokens = Spoken;
        _chunk = schedule.Next(tokens.Count, Decoder.Ended);
        return _chunk is { } chunk ? renderer.Request(tokens, chunk) : null;
    }

    /// <summary>Gets the chunk that was taken ready for the vocoder.</summary>
    /// <param name="mel">The flow's answer; null where nothing was asked.</param>
    public void Prepare(Tensor? mel) =>
        Passage = _chunk is { } chunk && mel is not null ? renderer.Prepare(mel, chunk) : null;

    /// <summary>Hands the sound of the chunk that was taken to the listener.</summary>
    /// <param name="decoded">What became of the <see cref="Passage"/>; null where there was none.</param>
    public void Speak(float[]? decoded, double now)
    {
        if (_chunk is { } chunk)
        {
            var tokens = Spoken;
            var samples = decoded is null ? [] : renderer.Take(decoded);
            if (Array.Exists(samples, sample => !float.IsFinite(sample)))
            {
                throw NotFinite.Error("The samples");
            }

            EdgeFade.Apply(samples, Run.SampleRate, first: !_begun, last: chunk.Finalize);
            _begun |= samples.Length > 0;
            var end = chunk.Finalize ? chunk.Tokens : chunk.Tokens - renderer.LookAhead;
            Run.Emit(samples, Segment, [.. tokens.Take(end).Skip(chunk.Offset)], Checkpoint(Run.Emitted + samples.Length), Done ? Report() : null, now);
        }

        if (Done)
        {
            Run.SegmentsSpoken++;
        }
    }

    /// <summary>Goes on where another engine left this segment; before anything else.</summary>
    /// <exception cref="StateException">The checkpoint does not fit.</exception>
    public void Restore(SpeechCheckpoint checkpoint)
    {
        var state = CheckpointSeal.Open(Run.Request, checkpoint);
        // While the text is still to come, nothing has been decoded again.
        schedule.Restore(state, Run.Feed is null ? Spoken.Count : checkpoint.Tokens.Count);
        renderer.Restore(state);
        state.End();
        _begun = true; // A checkpoint with a state comes with sound.
    }

    private SegmentReport Report() => new(Text)
    {
        Fault = Run.Request is { Check: true, Mode: not SpeechMode.Conversion } ? SpeechCheck.Find(Text, Spoken) : SpeechFault.None,
        IsSecondTry = Before is { IsKept: false },
    };

    /// <summary>Where the next chunk begins; null when none follows.</summary>
    private SpeechCheckpoint? Checkpoint(long offset)
    {
        if (Done)
        {
            return Segment + 1 < Run.SegmentCount ? new SpeechCheckpoint { Segment = Segment + 1, SampleOffset = offset } : null;
        }

        var checkpoint = new SpeechCheckpoint { Segment = Segment, SampleOffset = offset, Tokens = [.. Decoder.Decoded] };
        var state = new StateWriter();
        schedule.Save(state);
        renderer.Save(state);
        return checkpoint with { State = CheckpointSeal.Close(Run.Request, checkpoint, state.Bytes.Span) };
    }

    public void Dispose()
    {
        Cache.Dispose();
        renderer.Dispose();
    }
}
