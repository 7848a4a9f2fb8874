using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// One run's way to the shards of its job. A shard or a database that does not answer is asked again until it does: what
/// the run has made is on the disk already, and nothing else can be done.
/// </summary>
/// <param name="save">Stores how far the job is.</param>
/// <param name="happened">Told of every change once it is stored.</param>
/// <param name="stopped">Cancelled when the run is to end.</param>
internal sealed class ShardStore(
    JobHeader header,
    int pass,
    JobProgress progress,
    IGrainFactory grains,
    Func<Task> save,
    Func<JobChange, Task> happened,
    Perseverance calls,
    CancellationToken stopped) : IJobStore
{
    public async ValueTask<IReadOnlyList<JobEntry>> ReadUnfinishedAsync(int shard, CancellationToken cancellationToken)
    {
        if (shard < progress.Cursor)
        {
            return [];
        }

        if (progress.Reach(shard))
        {
            await calls.UntilDoneAsync(save, cancellationToken);
        }

        JobShardWork? work = null;
        await calls.UntilDoneAsync(async () => work = await grains.GetJobShard(header.Id, shard).Begin(pass), cancellationToken);
        progress.Open(shard, work!.Summary, work.Unfinished.Select(entry => entry.Item.Number));
        return work.Unfinished;
    }

    public async ValueTask<IReadOnlyList<JobEntry>> ReadAllAsync(int shard, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobEntry> entries = [];
        var query = new JobShardQuery(1, JobShards.Size, null, pass, null, []);
        await calls.UntilDoneAsync(async () => entries = (await grains.GetJobShard(header.Id, shard).Find(query)).Value, cancellationToken);
        return entries;
    }

    public async Task RecordAsync(JobChange change)
    {
        var shard = grains.GetJobShard(header.Id, JobShards.Of(change.Number));
        await calls.UntilDoneAsync(() => shard.Record(pass, change), stopped);
        progress.Apply(change);
        await happened(change);
    }
}
