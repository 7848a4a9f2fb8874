namespace CosyVoice.Engine;

/// <summary>A segment that was spoken to its end.</summary>
/// <param name="Text">What was said: of a <see cref="SpeechRequest.TextStream"/> the stretch that became this segment; empty in <see cref="SpeechMode.Conversion"/>.</param>
public sealed record SegmentReport(string Text)
{
    /// <summary>What looks wrong about it.</summary>
    public SpeechFault Fault { get; init; }

    /// <summary>Whether it was made again because something looked wrong the first time.</summary>
    public bool IsSecondTry { get; init; }
}
