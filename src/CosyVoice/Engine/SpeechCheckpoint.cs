namespace CosyVoice.Engine;

/// <summary>
/// Where a speech can be continued, by any engine with the same model: between two chunks. With the same request it leads to the same samples, bit for bit on a processor.
/// </summary>
public sealed record SpeechCheckpoint
{
    /// <summary>Index of the segment, from 0.</summary>
    public required int Segment { get; init; }

    /// <summary>Samples of the whole speech before it.</summary>
    public required long SampleOffset { get; init; }

    /// <summary>Speech tokens of this segment decoded so far; they may run ahead of the sound.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Opaque, of the engine's own format: chunk schedule, change of speed, vocoder. Empty at the beginning of a segment.</summary>
    public ReadOnlyMemory<byte> State { get; init; }
}
