using System.Diagnostics;
using CosyVoice.Engine;

namespace CosyVoice.Bench;

/// <summary>Seconds that the flow takes for a second of audio, offline and without a prompt.</summary>
internal static class FlowBench
{
    private const int TokensPerSecond = 25;

    /// <summary>The median of <paramref name="runs"/> calls for <paramref name="seconds"/> seconds of audio, divided by those.</summary>
    public static double SecondsPerSecond(IFlow flow, int seconds, int runs)
    {
        var request = new FlowRequest
        {
            Embedding = Enumerable.Range(0, 192).Select(i => MathF.Sin(i)).ToArray(),
            Tokens = Enumerable.Range(1, seconds * TokensPerSecond).Select(i => i * 97 % 6561).ToArray(),
            Finalize = true,
        };
        Time(flow, request); // memory grows and code compiles
        double[] times = [.. Enumerable.Range(0, runs).Select(_ => Time(flow, request)).Order()];
        return times[runs / 2] / seconds;
    }

    private static double Time(IFlow flow, FlowRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        flow.Generate(request).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
