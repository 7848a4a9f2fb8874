namespace CosyOrleans.Service.Synthesis;

/// <summary>Who goes first where work waits.</summary>
public enum SpeechLane
{
    /// <summary>Somebody waits for the sound.</summary>
    Interactive,

    /// <summary>A job's work: after the interactive, until it has waited too long.</summary>
    Batch,
}
