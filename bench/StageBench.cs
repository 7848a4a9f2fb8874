using CosyVoice.Engine;

namespace CosyVoice.Bench;

/// <summary>Each stage by itself, and its share of what the machine can do at most.</summary>
internal static class StageBench
{
    private static readonly int[] Batches = [1, 4, 8];
    private static readonly int[] Seconds = [1, 5, 10];

    public static void Run(SpeechModelParts parts, MachineLimits machine, Arguments arguments, BenchReport report)
    {
        // Shares are stated for the sizes that the operations were counted for.
        var full = arguments.Model == null;
        foreach (var batch in Batches)
        {
            var step = LanguageModelBench.Step(parts.LanguageModel, batch);
            var share = full ? FullSize.DecodeBytes / 1e9 / step / machine.ReadGigabytesPerSecond : (double?)null;
            report.Add(new("language model", $"decode step, batch {batch}", step * 1000, "ms", share, "read bandwidth"));
        }

        var prefill = LanguageModelBench.Prefill(parts.LanguageModel, arguments.Runs);
        report.Add(new(
            "language model", $"prefill of {LanguageModelBench.PromptLength}", prefill * 1000, "ms",
            full ? FullSize.PrefillFlop(LanguageModelBench.PromptLength) / 1e9 / prefill / machine.PeakGigaflops : null, "FMA peak"));
        foreach (var seconds in Seconds)
        {
            var flow = FlowBench.SecondsPerSecond(parts.Flow, seconds, arguments.Runs);
            report.Add(new(
                "flow", $"{seconds} s of audio", flow, "s/s",
                full ? FullSize.FlowFlop(seconds) / seconds / 1e9 / flow / machine.PeakGigaflops : null, "FMA peak"));
        }

        foreach (var seconds in Seconds)
        {
            var vocoder = VocoderBench.SecondsPerSecond(parts.Vocoder, seconds, arguments.Runs);
            report.Add(new(
                "vocoder", $"{seconds} s of audio", vocoder, "s/s",
                full ? VocoderBench.FullSizeFlop / 1e9 / vocoder / machine.PeakGigaflops : null, "FMA peak"));
        }
    }
}
