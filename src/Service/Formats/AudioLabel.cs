namespace CosyOrleans.Service.Formats;

/// <summary>
/// Says of every sound that a machine made it: a comment in WAV (LIST INFO, ICMT), FLAC and Ogg (DESCRIPTION) and MP3 (ID3v2).
/// PCM and AAC in ADTS have no place for one.
/// </summary>
public static class AudioLabel
{
    /// <summary>The same in every file, so that programs can look for it.</summary>
    public const string Text = "AI-generated speech";
}
