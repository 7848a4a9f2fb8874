using CosyOrleans.Service.Synthesis;
using CosyVoice.Bench;

namespace CosyOrleans.Bench;

/// <summary>What going through a silo adds to the time until the first frame: one speech at a time, in turns here and there.</summary>
internal static class OverheadBench
{
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(Arguments arguments, BenchReport report)
    {
        PacedModel.SetPace(Chunk);
        await using var cluster = await BenchCluster.StartAsync(silos: 1);
        await using var local = await LocalService.StartAsync(Chunk);
        await using var remote = await ClusterService.ConnectAsync(cluster, silos: 1);
        List<double> here = [], there = [];
        for (var run = -arguments.Runs / 4; run < arguments.Runs; run++)
        {
            var (inProcess, overCluster) = (await FirstFrameAsync(local.Synthesis, run), await FirstFrameAsync(remote.Synthesis, run));
            if (run >= 0)
            {
                here.Add(inProcess);
                there.Add(overCluster);
            }
        }

        var median = Median(here);
        report.Add(new("first packet", $"in process, median of {here.Count}", median, "ms"));
        report.Add(new("first packet", $"over the cluster, median of {there.Count}", Median(there), "ms"));
        report.Add(new("first packet", "overhead, median of the pairs", Median([.. there.Zip(here, (a, b) => a - b)]), "ms"));
        report.Add(new("first packet", "over the cluster, 95th percentile", Percentile(there, 0.95), "ms"));
    }

    private static async Task<double> FirstFrameAsync(ISynthesis synthesis, int run)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await using var speech = await synthesis.SpeakAsync(
            new SpeakRequest { Text = "one two", SpeakerId = "amy", Seed = 1000 + run }, CancellationToken.None);
        await using var frames = speech.Frames.GetAsyncEnumerator();
        await frames.MoveNextAsync();
        return TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static double Median(List<double> values) => Percentile(values, 0.5);

    private static double Percentile(List<double> values, double part) => values.Order().ElementAt((int)(part * (values.Count - 1)));
}
