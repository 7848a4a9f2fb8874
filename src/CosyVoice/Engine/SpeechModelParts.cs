using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Engine;

/// <summary>A loaded model: four stages that a backend implements, and what is common to all backends.</summary>
public sealed class SpeechModelParts
{
    /// <summary>What users call it: the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>Which generation it is. Voices made from recordings suit one kind only.</summary>
    public ModelKind Kind { get; init; }

    public required ILanguageModel LanguageModel { get; init; }

    public required ITokenSampler Sampler { get; init; }

    public required IFlow Flow { get; init; }

    public required IVocoder Vocoder { get; init; }

    public required Tokenizer Tokenizer { get; init; }

    public required IReadOnlyDictionary<string, Speaker> Speakers { get; init; }

    /// <summary>Of text that arrives in pieces.</summary>
    public required MixRatio MixRatio { get; init; }

    public required SegmentTiming Timing { get; init; }

    /// <summary>The vocoder's noise for a seed and a segment: of their own in CosyVoice 2, always the same in CosyVoice 3.</summary>
    internal ExcitationNoise Noise(int seed, int segment) =>
        Kind == ModelKind.CosyVoice3 ? TorchUniformTable.VocoderNoise.Fill : new GaussianNoise(seed, segment).Fill;

    /// <summary>What the stages share, disposed after them.</summary>
    public IReadOnlyList<IDisposable> Shared { get; init; } = [];
}
