using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Grains.Jobs;

/// <summary>Where the grains of jobs are found.</summary>
internal static class JobGrains
{
    public static IJobShardGrain GetJobShard(this IGrainFactory grains, string id, int shard) =>
        grains.GetGrain<IJobShardGrain>($"{id}/{shard}");

    public static IJobIndexGrain GetJobIndex(this IGrainFactory grains) => grains.GetGrain<IJobIndexGrain>(IJobIndexGrain.Key);

    /// <summary>Does something with every shard of a job, some at a time.</summary>
    public static Task ForEachShardAsync(
        this IGrainFactory grains, JobHeader header, Func<IJobShardGrain, Task> action, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, JobShards.Count(header.Items)),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (shard, _) => await action(grains.GetJobShard(header.Id, shard)));
}
