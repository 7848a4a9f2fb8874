using CosyVoice.Text;
using CosyVoice.Text.Arriving;

namespace CosyVoice.Engine;

/// <summary>A text to speak, in segments that become one continuous audio.</summary>
public sealed record SpeechRequest
{
    /// <summary>At least one, none empty; none where <see cref="TextStream"/> is given. In <see cref="SpeechMode.Conversion"/> their tokens are speech tokens.</summary>
    public required IReadOnlyList<TextSegment> Segments { get; init; }

    /// <summary>
    /// Text in pieces of any size while it is being written, at most 100,000 characters. It is read like other text and spoken
    /// as it comes; what is said depends on the text and its flushes alone, not on the pieces. To resume, give the same text
    /// with the same flushes from its beginning.
    /// </summary>
    public IAsyncEnumerable<TextPiece>? TextStream { get; init; }

    public required Speaker Speaker { get; init; }

    public SpeechMode Mode { get; init; }

    /// <summary>How to speak, in <see cref="SpeechMode.Instruct"/>: 1 to 500 characters, such as those of <see cref="Instructions"/>.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>Same text, speaker, mode, instruction, seed, speed and streaming: same samples.</summary>
    public required int Seed { get; init; }

    /// <summary>0.5 to 2; 2 is twice as fast.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>True: sound leaves while the rest is being made. False: each segment at once, with full attention.</summary>
    public bool Streaming { get; init; } = true;

    /// <summary>
    /// Whether what was decoded is compared with its text (<see cref="SpeechCheck"/>). A segment that looks wrong is decoded once
    /// more before it is spoken, unless it is streamed or its text is still arriving: then it is being heard, and only reported.
    /// The result depends on the request alone, as everything does.
    /// </summary>
    public bool Check { get; init; }

    /// <summary>Nobody is listening yet: whoever is comes first.</summary>
    public bool Background { get; init; }

    /// <summary>Where to go on; null: from the beginning. It must come from the same request, spoken by the same model.</summary>
    public SpeechCheckpoint? Resume { get; init; }
}

/// <summary>Samples in [-1, 1] that follow those before, and what they were made from.</summary>
/// <param name="SampleOffset">Position of the first sample in the whole audio.</param>
/// <param name="Segment">Index of the segment spoken.</param>
/// <param name="SpeechTokens">The segment's speech tokens that this chunk adds.</param>
/// <param name="Checkpoint">The state after this chunk, from which the following ones can be made elsewhere. The engine gives one whenever any follow.</param>
public readonly record struct AudioChunk(
    long SampleOffset, ReadOnlyMemory<float> Samples, int Segment, IReadOnlyList<int> SpeechTokens, SpeechCheckpoint? Checkpoint = null)
{
    /// <summary>What there is to say about the segment, where this is its last chunk.</summary>
    public SegmentReport? Ended { get; init; }
}
