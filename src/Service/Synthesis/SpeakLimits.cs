namespace CosyOrleans.Service.Synthesis;

/// <summary>What fields of a request may hold, whatever the model.</summary>
public static class SpeakLimits
{
    public const int MinSeed = 1;
    public const int MaxSeed = 100_000_000;
    public const double MinSpeed = 0.5;
    public const double MaxSpeed = 2.0;
    public const int MaxTaskIdLength = 64;

    /// <summary>Characters (UTF-16) of a text that arrives in pieces: about five hours of speech.</summary>
    public const int MaxWrittenCharacters = 100_000;
}
