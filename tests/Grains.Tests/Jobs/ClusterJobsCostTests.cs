using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Tests.Ports;

namespace CosyOrleans.Grains.Tests.Jobs;

/// <summary>What a job costs does not depend on how many items it has.</summary>
public sealed class ClusterJobsCostTests : JobsTests
{
    private readonly KeptStates _states = new();
    private TestCluster _cluster = null!;

    private protected override IJobs Jobs => _cluster.Frontend.GetRequiredService<IJobs>();

    public override async Task InitializeAsync() =>
        _cluster = await TestCluster.StartAsync(1, jobs: new TestJobs(Data, _states, Scripted, Time));

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Writes_OfJobsOfAnySize_AreOfTheSameSizeAndAsManyForAShard()
    {
        await SubmitAsync(Many(2 * JobShards.Size), "small", inFlight: 20);
        await WhenAsync(id: "small");
        (var job, var shard, var jobWrites, var shardWrites) = Measure();

        await SubmitAsync(Many(20 * JobShards.Size), "large", inFlight: 20);
        await WhenAsync(id: "large");
        (var largeJob, var largeShard, var allJobWrites, var allShardWrites) = Measure();

        // Numbers have a few more digits.
        Assert.InRange(largeJob, job - 20, job + 20);
        Assert.InRange(largeShard, shard, shard * 1.05);
        // Beside those of the shards: offered, begun, completed.
        Assert.InRange(jobWrites, 3, 3 + 2);
        Assert.InRange(allJobWrites - jobWrites, 3, 3 + 20);
        Assert.InRange((allShardWrites - shardWrites) / 10.0, 2, 2 * JobShards.Size);
        Assert.Equal(1, _states.MostWriting);
    }

    [Fact]
    public async Task Changes_WhileAWriteIsUnderWay_ShareTheNextOne()
    {
        var gate = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var begun = 0;
        _states.BeforeWrite = name => name == "states" && Interlocked.Increment(ref begun) == 1 ? gate.Task : Task.CompletedTask;
        Scripted.Before = (text, _, _) =>
        {
            if (Scripted.Attempts.Count == 40)
            {
                ended.TrySetResult();
            }

            return ended.Task;
        };
        await SubmitAsync(Many(40), inFlight: 40);
        await Eventually.Async(() => Volatile.Read(ref begun) == 1, "the first change is being written");
        await Eventually.Async(() => Directory.GetFiles(Path.Combine(Data, "jobs", "job", "out"), "*.wav").Length == 40, "all items are spoken");
        gate.SetResult();

        Assert.Equal(40, (await WhenAsync()).Counts.Done);
        Assert.InRange(begun, 2, 10); // And not 40; on a busy machine some changes come a moment after the gate has opened.
    }

    private (int Job, int Shard, int JobWrites, int ShardWrites) Measure() =>
        (_states.LongestOf("job"), _states.LongestOf("states"), _states.WritesByName["job"], _states.WritesByName["states"]);
}
