using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>How far a speech has come that somebody else began.</summary>
/// <param name="FrameNumber">The next frame wanted, 0 or more.</param>
/// <param name="SampleOffset">Samples already had: as many as that many whole frames hold.</param>
/// <param name="Checkpoint">The newest received, not beyond <paramref name="SampleOffset"/>; null: generated again from the beginning.</param>
public sealed record SpeechResumption(long FrameNumber, long SampleOffset, SpeechCheckpoint? Checkpoint)
{
    /// <summary>As <see cref="SpeechDetails.Heard"/> of whoever began; null: recordings of the request are listened to again.</summary>
    public HeardRecordings? Heard { get; init; }
}
