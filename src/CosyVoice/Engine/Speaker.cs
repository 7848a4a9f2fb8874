namespace CosyVoice.Engine;

/// <summary>
/// A voice as the model uses it: an embedding, and for voices made from a recording also what was said in it. All prompt
/// fields are empty for a voice that the model was trained on.
/// </summary>
public sealed record Speaker
{
    public const int EmbeddingSize = 192;

    public const int MelBins = 80;

    public required string Id { get; init; }

    /// <summary>[192]</summary>
    public required float[] Embedding { get; init; }

    /// <summary>Text tokens of the recording's words.</summary>
    public int[] PromptText { get; init; } = [];

    /// <summary>Speech tokens of the recording, for the language model.</summary>
    public int[] PromptSpeechTokens { get; init; } = [];

    /// <summary>Speech tokens of the recording, for the flow.</summary>
    public int[] FlowPromptTokens { get; init; } = [];

    /// <summary>Mel of the recording, [frames * 80], time-major.</summary>
    public float[] PromptMel { get; init; } = [];
}
