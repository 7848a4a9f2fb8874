namespace CosyVoice.Engine;

/// <summary>What the language model is given to speak.</summary>
public sealed record Utterance
{
    private const int MinimumTokensPerText = 2;
    private const int MaximumTokensPerText = 20;

    /// <summary>Text ids.</summary>
    public required IReadOnlyList<int> Text { get; init; }

    /// <summary>Text ids of the reference recording's transcript or of an instruction; may be empty.</summary>
    public IReadOnlyList<int> PromptText { get; init; } = [];

    /// <summary>Speech tokens of the reference recording; may be empty.</summary>
    public IReadOnlyList<int> PromptSpeechTokens { get; init; } = [];

    /// <summary>Fewest speech tokens; the end is masked before.</summary>
    public int MinimumLength => MinimumTokensPerText * Text.Count;

    /// <summary>Most speech tokens.</summary>
    public int MaximumLength => MaximumTokensPerText * Text.Count;
}
