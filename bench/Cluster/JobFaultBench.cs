using CosyOrleans.Faults;
using CosyVoice.Bench;

namespace CosyOrleans.Bench;

/// <summary>A job of 2,000 items whose silo is killed three times and whose database is restarted, beside an undisturbed one.</summary>
internal static class JobFaultBench
{
    private const int Items = 2000;
    private const int Kills = 3;
    private const string Text = "item {0}";
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(BenchReport report)
    {
        PacedModel.SetPace(Chunk);
        await using var cluster = await BenchCluster.StartAsync(silos: 3);
        var undisturbed = new FaultJob(cluster, "undisturbed", Items);
        report.Add(new("job", $"{Items} items, undisturbed", await RunAsync(undisturbed, _ => { }), "s"));

        var disturbed = new FaultJob(cluster, "disturbed", Items);
        var seconds = await RunAsync(disturbed, fault => cluster.Kill(fault < Kills ? disturbed.Holder : cluster.Database));
        disturbed.RequireSameOutputs(undisturbed);
        report.Add(new("job", $"{Items} items, {Kills} kills, database restarted", seconds, "s"));
    }

    private static async Task<double> RunAsync(FaultJob job, Action<int> fault)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await job.SubmitAsync(Text);
        for (var i = 0; i <= Kills; i++)
        {
            await job.WhenDoneAsync((i + 1) * Items / (Kills + 2));
            fault(i);
        }

        await job.WhenDoneAsync();
        return TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
    }
}
