using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;

namespace CosyVoice.Bench;

/// <summary>
/// Each stage by itself, and its share of what the machine could do at most right before and right after: on a shared machine
/// that changes from minute to minute.
/// </summary>
internal static class StageBench
{
    private static readonly int[] Batches = [1, 4, 8];
    private static readonly int[] Seconds = [1, 5, 10];

    public static void Run(SpeechModelParts parts, Arguments arguments, BenchReport report)
    {
        // Shares are stated for the sizes that the operations were counted for.
        var full = arguments is { Model: null, Generation: 2, Device: ComputeDevices.Processor };
        foreach (var batch in Batches)
        {
            var (step, machine) = Beside(arguments, () => LanguageModelBench.Step(parts.LanguageModel, parts.Sampler, batch));
            var share = full ? FullSize.DecodeBytes / 1e9 / step / machine.ReadGigabytesPerSecond : (double?)null;
            report.Add(new("language model", $"decode step, batch {batch}", step * 1000, "ms", share, "read bandwidth"));
        }

        var (prefill, limits) = Beside(arguments, () => LanguageModelBench.Prefill(parts.LanguageModel, arguments.Runs));
        report.Add(new(
            "language model", $"prefill of {LanguageModelBench.PromptLength}", prefill * 1000, "ms",
            full ? FullSize.PrefillFlop(LanguageModelBench.PromptLength) / 1e9 / prefill / limits.PeakGigaflops : null, "FMA peak"));
        foreach (var seconds in Seconds)
        {
            var (flow, machine) = Beside(arguments, () => FlowBench.SecondsPerSecond(parts.Flow, seconds, arguments.Runs));
            report.Add(new(
                "flow", $"{seconds} s of audio", flow, "s/s",
                full ? FullSize.FlowFlop(seconds) / seconds / 1e9 / flow / machine.PeakGigaflops : null, "FMA peak"));
        }

        foreach (var seconds in Seconds)
        {
            var (vocoder, machine) = Beside(arguments, () => VocoderBench.SecondsPerSecond(parts.Vocoder, seconds, arguments.Runs));
            report.Add(new(
                "vocoder", $"{seconds} s of audio", vocoder, "s/s",
                full ? VocoderBench.FullSizeFlop / 1e9 / vocoder / machine.PeakGigaflops : null, "FMA peak"));
        }
    }

    private static (double Value, MachineLimits Machine) Beside(Arguments arguments, Func<double> measure)
    {
        var before = MachineLimits.Measure(arguments.Threads);
        var value = measure();
        var after = MachineLimits.Measure(arguments.Threads);
        return (value, before with
        {
            PeakGigaflops = (before.PeakGigaflops + after.PeakGigaflops) / 2,
            ReadGigabytesPerSecond = (before.ReadGigabytesPerSecond + after.ReadGigabytesPerSecond) / 2,
        });
    }
}
