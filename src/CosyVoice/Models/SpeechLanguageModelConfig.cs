namespace CosyVoice.Models;

/// <summary>The language model of CosyVoice 2 around its Qwen2 backbone.</summary>
public sealed record SpeechLanguageModelConfig
{
    public required Qwen2Config Backbone { get; init; }

    /// <summary>Size of the speech codebook (6561); the three ids above it are end, task and fill.</summary>
    public required int SpeechTokenCount { get; init; }
}
