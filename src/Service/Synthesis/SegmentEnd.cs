using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Where the sound of a segment ends. It begins where that of the one before ends, the first at 0.</summary>
/// <param name="Segment">Counts from 0.</param>
/// <param name="SampleOffset">Samples of the speech up to there, exactly.</param>
/// <param name="Text">What was said, as it was read out: numbers in words, without what nobody says.</param>
public sealed record SegmentEnd(int Segment, long SampleOffset, string Text)
{
    /// <summary>What looks wrong about the sound; nothing where speech is not checked.</summary>
    public SpeechFault Fault { get; init; }

    /// <summary>Whether it was made again because something looked wrong.</summary>
    public bool IsSecondTry { get; init; }
}
