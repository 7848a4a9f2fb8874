using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Bench;

namespace CosyOrleans.Bench;

/// <summary>How much sound more silos make: always half as many callers again as there are slots, each asking anew when served.</summary>
internal static class ScalingBench
{
    private const int Slots = 8;
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Measuring = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(BenchReport report)
    {
        PacedModel.SetPace(Chunk);
        await using var cluster = await BenchCluster.StartAsync(silos: 1);
        await using var service = await ClusterService.ConnectAsync(cluster, silos: 1);
        var (silos, alone) = (1, 0.0);
        foreach (var wanted in new[] { 1, 2, 4, 8 })
        {
            for (; silos < wanted; silos++)
            {
                await cluster.AddSiloAsync();
            }

            await service.WhenReadyAsync(silos);
            var seconds = await MeasureAsync(service.Synthesis, silos * Slots * 3 / 2);
            alone = silos == 1 ? seconds : alone;
            report.Add(new("throughput", $"{silos} silos", seconds, "s/s", seconds / (silos * alone), "linear"));
        }
    }

    /// <summary>Seconds of sound that arrive per second.</summary>
    private static async Task<double> MeasureAsync(ISynthesis synthesis, int callers)
    {
        using var stop = new CancellationTokenSource();
        long samples = 0;
        Task[] calling = [.. Enumerable.Range(0, callers).Select(caller => CallAsync(synthesis, caller, count => Interlocked.Add(ref samples, count), stop.Token))];
        await Task.Delay(Settling);
        var (begin, before) = (TimeProvider.System.GetTimestamp(), Interlocked.Read(ref samples));
        await Task.Delay(Measuring);
        var result = (Interlocked.Read(ref samples) - before) / 24000.0 / TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(calling);
        return result;
    }

    private static async Task CallAsync(ISynthesis synthesis, int caller, Action<int> heard, CancellationToken stop)
    {
        var request = new SpeakRequest { Text = "one two three four five six", SpeakerId = "amy", Seed = 1 + caller };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var speech = await synthesis.SpeakAsync(request, stop);
                await foreach (var frame in speech.Frames.WithCancellation(stop))
                {
                    heard(frame.Samples.Length);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SpeechException e) when (e.Kind == SpeechErrorKind.Busy)
            {
                // Asks again.
            }
        }
    }
}
