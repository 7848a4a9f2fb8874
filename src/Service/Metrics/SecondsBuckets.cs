using System.Diagnostics.Metrics;

namespace CosyOrleans.Service.Metrics;

/// <summary>How durations are told apart.</summary>
internal static class SecondsBuckets
{
    /// <summary>From 10 ms to 10 s in steps that tell 250 from 300 ms, the limit for a first packet; then up to long texts.</summary>
    public static InstrumentAdvice<double> Advice { get; } = new()
    {
        HistogramBucketBoundaries =
            [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 30, 60, 300, 1800],
    };
}
