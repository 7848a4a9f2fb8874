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
        await ListenAsync(cluster, () => { }); // Compiles the code.
        var undisturbed = await ListenAsync(cluster, () => { });
        Report(report, "undisturbed", [undisturbed]);
        // What was frozen may have been declared dead by the end of the round or not, and is killed to begin anew.
        foreach (var (name, lose, end) in new (string, Action<string>, Action<string>)[]
        {
            ("killed", cluster.Kill, _ => { }), ("frozen", cluster.Freeze, cluster.Kill),
        })
        {
            List<Listener[]> rounds = [];
            for (var round = 0; round < arguments.Rounds; round++)
            {
                var silo = cluster.Silos[round % cluster.Silos.Count];
                rounds.Add(await ListenAsync(cluster, () => lose(silo)));
                Compare(undisturbed, rounds[^1]);
                await Console.Error.WriteLineAsync($"{silo} {name}: longest gaps of listeners {Beyond(rounds[^1])[^1]:0} ms beyond the pace");
                end(silo);
                await cluster.WhenReadyAsync();
            }

            Report(report, $"{name}, {arguments.Rounds} times", rounds);
        }
    }

    private static async Task<Listener[]> ListenAsync(FaultCluster cluster, Action fault)
    {
        var text = string.Join(' ', Enumerable.Repeat("word", Words));
        Listener[] listeners = [.. Enumerable.Range(0, Listeners).Select(i => new Listener(cluster.Client, new { text, speaker_id = "amy", seed = 1000 + i }))];
        await Listener.ListenAllAsync(listeners, () =>
        {
            fault();
            return Task.CompletedTask;
        });
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
        var beyond = Beyond(rounds.SelectMany(round => round));
        report.Add(new("longest gap", $"{what}, median listener", beyond[beyond.Length / 2], "ms"));
        report.Add(new("longest gap", $"{what}, worst listener", beyond[^1], "ms"));
    }

    private static double[] Beyond(IEnumerable<Listener> listeners) =>
        [.. listeners.Select(listener => (listener.LongestGap - Chunk).TotalMilliseconds).Order()];
}
