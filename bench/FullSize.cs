namespace CosyVoice.Bench;

/// <summary>What the stages of CosyVoice2-0.5B must read and compute, counted from their layers.</summary>
internal static class FullSize
{
    /// <summary>Weights that a decode step reads, fp32: 24 layers and the head.</summary>
    public const double DecodeBytes = 1.455e9;

    private const double FlopPerMultiplyAdd = 2;

    public static double PrefillFlop(int inputs) => FlopPerMultiplyAdd * inputs * (0.358e9 + (43_008.0 * inputs / 2));

    /// <summary>Encoder and ten steps of the estimator with guidance, without a prompt.</summary>
    public static double FlowFlop(int seconds)
    {
        var (tokens, frames) = (25.0 * seconds, 50.0 * seconds);
        var encoder = (0.0566e9 * tokens) + ((12_288 + 32_768) * tokens * tokens);
        var estimator = (0.1322e9 * frames) + (114_688 * frames * frames);
        return FlopPerMultiplyAdd * (encoder + (10 * estimator));
    }
}
