using CosyOrleans.Tests;

namespace CosyOrleans.Faults.Tests;

/// <summary>A job on three silos whose processes are lost: every item is done once, and its sound is what it would have been.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class JobFaultTests(ThreeSilos silos)
{
    private const int Items = 40;
    private const string Text = "Item {0} is done once.";

    [PostgresFact]
    public async Task Job_WhoseProcessesAreLost_EndsLikeAnUndisturbedOne()
    {
        var cluster = await silos.ReadyAsync();
        var undisturbed = new FaultJob(cluster, "undisturbed", Items);
        await undisturbed.SubmitAsync(Text);
        await undisturbed.WhenDoneAsync();

        foreach (var (id, lose) in new (string, Action<FaultJob>)[]
        {
            ("killed", job => cluster.Kill(job.Holder)),
            ("frozen", job => cluster.Freeze(job.Holder)),
            ("databaseless", _ => cluster.Kill(cluster.Database)),
        })
        {
            var job = new FaultJob(cluster, id, Items);
            await job.SubmitAsync(Text);
            await job.WhenDoneAsync(Items / 5);
            lose(job);
            await job.WhenDoneAsync();

            // A silo that was frozen goes on where it was, and must not spoil anything.
            cluster.ThawAll();
            await cluster.WhenReadyAsync();
            job.RequireSameOutputs(undisturbed);
        }
    }
}
