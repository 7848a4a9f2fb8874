using CosyVoice.Bench;
using CosyOrleans.Faults;

namespace CosyOrleans.Bench;

/// <summary>
/// How long listeners hear nothing when their silo is lost, at a known pace: what is reported is the longest time between
/// two arrivals less the time that a chunk takes anyway.
/// </summary>
internal static class FaultBench
{
    private const int Listeners = 24;
    private const int Words = 30;
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(Arguments arguments, BenchReport report)
    {
        PacedModel.SetPace(Chunk);
        await using var cluster = await BenchCluster.StartAsync(silos: 3);
        var undisturbed = await ListenAsync(cluster, () => { });
        Report(report, "undisturbed", [undisturbed]);
        foreach (var (name, lose) in new (string, Action<string>)[] { ("killed", cluster.Kill), ("frozen", cluster.Freeze) })
        {
            List<Listener[]> rounds = [];
            for (var round = 0; round < arguments.Rounds; round++)
            {
                var silo = cluster.Silos[round % cluster.Silos.Count];
                rounds.Add(await ListenAsync(cluster, () => lose(silo)));
                Compare(undisturbed, rounds[^1]);
                cluster.Thaw(silo);
                await cluster.WhenReadyAsync();
            }

            Report(report, $"{name}, {arguments.Rounds} times", rounds);
        }
    }

    private static async Task<Listener[]> ListenAsync(FaultCluster cluster, Action fault)
    {
        var text = string.Join(' ', Enumerable.Repeat("word", Words));
        Listener[] listeners = [.. Enumerable.Range(0, Listeners).Select(i => new Listener(cluster.Client, text, "amy", 1000 + i))];
        await Listener.ListenAllAsync(listeners, fault);
        return listeners;
    }

    private static void Compare(Listener[] undisturbed, Listener[] disturbed)
    {
        for (var i = 0; i < Listeners; i++)
        {
            if (!undisturbed[i].Heard.AsSpan().SequenceEqual(disturbed[i].Heard))
            {
                throw new InvalidOperationException($"Listener {i} heard something else after the loss of a silo.");
            }
        }
    }

    private static void Report(BenchReport report, string what, List<Listener[]> rounds)
    {
        double[] beyond = [.. rounds.SelectMany(round => round).Select(listener => (listener.LongestGap - Chunk).TotalMilliseconds).Order()];
        report.Add(new("longest gap", $"{what}, median listener", beyond[beyond.Length / 2], "ms"));
        report.Add(new("longest gap", $"{what}, worst listener", beyond[^1], "ms"));
    }
}
