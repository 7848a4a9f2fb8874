namespace CosyVoice.Audio;

/// <summary>A sound file that cannot be read, and what the person who has it can do.</summary>
/// <param name="message">A whole sentence.</param>
/// <param name="solution">A whole sentence.</param>
public sealed class AudioFormatException(string message, string solution, Exception? cause = null) : Exception(message, cause)
{
    public string Solution { get; } = solution;
}
