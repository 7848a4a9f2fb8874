namespace CosyVoice.Models;

/// <summary>Numbers of repetition-aware sampling (cosyvoice/utils/common.py, ras_sampling), as the model's yaml states them.</summary>
public sealed record SamplingRules
{
    /// <summary>Mass of the nucleus, 0 to 1.</summary>
    public double TopP { get; init; } = 0.8;

    /// <summary>Most ids in the nucleus, at least 1.</summary>
    public int TopK { get; init; } = 25;

    /// <summary>How many of the last tokens are searched for repetitions.</summary>
    public int WindowSize { get; init; } = 10;

    /// <summary>Share of the window that makes a repetition; above 1 there is none.</summary>
    public double TauR { get; init; } = 0.1;
}
