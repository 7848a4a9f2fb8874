namespace CosyVoice.Engine;

/// <summary>What may be wrong with speech tokens, seen from their text.</summary>
[Flags]
public enum SpeechFault
{
    None = 0,

    /// <summary>Far too few for the text: words are missing.</summary>
    TooShort = 1,

    /// <summary>Far too many for the text: words are repeated, or what follows them is no speech.</summary>
    TooLong = 2,

    /// <summary>The same tokens again and again.</summary>
    Repeating = 4,
}
