namespace CosyVoice.Models;

/// <summary>The language model around its Qwen2 backbone.</summary>
public sealed record SpeechLanguageModelConfig
{
    public required Qwen2Config Backbone { get; init; }

    /// <summary>Size of the speech codebook (6561); the ids above it are special.</summary>
    public required int SpeechTokenCount { get; init; }

    public ModelKind Kind { get; init; }

    /// <summary>Ids above the codebook: end, task and fill in CosyVoice 2; sos, end, task, fill and others in CosyVoice 3.</summary>
    internal int SpecialTokenCount => Kind == ModelKind.CosyVoice3 ? 200 : 3;
}
