namespace CosyVoice.Models;

/// <summary>Sizes of the Qwen2 backbone, as in the model folder's CosyVoice-BlankEN/config.json.</summary>
public sealed record Qwen2Config
{
    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int AttentionHeads { get; init; }

    /// <summary>Heads of keys and values; each serves AttentionHeads / KeyValueHeads query heads.</summary>
    public required int KeyValueHeads { get; init; }

    public required int VocabularySize { get; init; }

    public float RmsNormEpsilon { get; init; } = 1e-6f;

    public float RopeTheta { get; init; } = 1e6f;

    public int HeadSize => HiddenSize / AttentionHeads;
}
