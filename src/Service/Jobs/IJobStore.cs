namespace CosyOrleans.Service.Jobs;

/// <summary>
/// What running a job needs of the place that keeps it. Items are kept and read in shards, so that neither memory nor
/// the cost of a change depends on how many there are: item n is in shard (n - 1) / <see cref="JobShards.Size"/>.
/// </summary>
public interface IJobStore
{
    /// <summary>The items of a shard that are neither done nor failed, in order.</summary>
    ValueTask<IReadOnlyList<JobEntry>> ReadUnfinishedAsync(int shard, CancellationToken cancellationToken);

    /// <summary>All items of a shard, in order.</summary>
    ValueTask<IReadOnlyList<JobEntry>> ReadAllAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Completes when the change will survive a crash; changes at the same time may share one write.</summary>
    Task RecordAsync(JobChange change);
}

/// <summary>How items are divided.</summary>
public static class JobShards
{
    /// <summary>Items in every shard but the last.</summary>
    public const int Size = 250;

    public static int Count(int items) => (items + Size - 1) / Size;

    public static int Of(int number) => (number - 1) / Size;
}
