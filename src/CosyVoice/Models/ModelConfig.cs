using CosyVoice.Engine;

namespace CosyVoice.Models;

/// <summary>Everything that a model folder's yaml and Qwen2 configuration say and inference needs.</summary>
public sealed record ModelConfig
{
    public ModelKind Kind { get; init; }

    /// <summary>Samples per second of the output.</summary>
    public required int SampleRate { get; init; }

    public required SpeechLanguageModelConfig LanguageModel { get; init; }

    public required SamplingRules Sampling { get; init; }

    /// <summary>Text-in streaming alternates this many text tokens and this many speech tokens.</summary>
    public required MixRatio MixRatio { get; init; }

    public required FlowConfig Flow { get; init; }

    public required HiftConfig Hift { get; init; }
}
