using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>
/// A numbered piece of a speech. All frames of a speech hold the same number of samples except the last, which
/// may be shorter; so number and offset say what a listener already has.
/// </summary>
/// <param name="Number">Counts from 0.</param>
/// <param name="SampleOffset">Samples of the speech before this frame.</param>
/// <param name="Samples">Mono, 16 bit.</param>
/// <param name="Tokens">The speech tokens whose sound begins to arrive with this frame; often none.</param>
/// <param name="Checkpoint">
/// The newest that lies in this frame or at its end, null when none does. Whoever keeps the newest one can go on elsewhere
/// with <see cref="SpeakRequest.Resume"/>.
/// </param>
public readonly record struct AudioFrame(
    long Number, long SampleOffset, ReadOnlyMemory<short> Samples, IReadOnlyList<SegmentTokens> Tokens, SpeechCheckpoint? Checkpoint = null)
{
    /// <summary>The segments of the text whose sound ends in this frame or with it; often none.</summary>
    public IReadOnlyList<SegmentEnd> Ends { get; init; } = [];
}

/// <summary>Speech tokens of one segment of the text.</summary>
public readonly record struct SegmentTokens(int Segment, IReadOnlyList<int> Tokens);
