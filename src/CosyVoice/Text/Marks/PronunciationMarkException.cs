namespace CosyVoice.Text.Marks;

/// <summary>A text has pronunciation marks that the model does not know. The message names each and what is allowed.</summary>
public sealed class PronunciationMarkException(IReadOnlyList<string> problems) : ArgumentException(string.Join(" ", problems))
{
    /// <summary>A sentence for each mark.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
