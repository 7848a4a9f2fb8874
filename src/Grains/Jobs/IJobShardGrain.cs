using CosyOrleans.Service.Jobs;
using Orleans.Concurrency;

namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// Up to <see cref="JobShards.Size"/> items of a job; the key is "job/shard". Commands to the job reach a shard only when
/// it is worked on or looked at, as a number of the pass that the job is in, so that they cost the same for any job.
/// </summary>
[Alias("cosy.IJobShardGrain")]
public interface IJobShardGrain : IGrainWithStringKey
{
    /// <summary>Takes the items over; may be repeated.</summary>
    [Alias("Put")]
    Task Put(Immutable<JobItem[]> items);

    /// <summary>Brings the shard to a pass and says what is left to do.</summary>
    [Alias("Begin")]
    Task<JobShardWork> Begin(int pass);

    [Alias("Summarize")]
    Task<JobShardSummary> Summarize(int pass);

    [Alias("Find")]
    Task<Immutable<JobEntry[]>> Find(JobShardQuery query);

    /// <summary>Completes when it is stored; changes that come together share a write. May be repeated.</summary>
    [AlwaysInterleave, Alias("Record")]
    Task Record(int pass, JobChange change);

    [Alias("Delete")]
    Task Delete();
}

/// <param name="Done">Items that are done, of which <paramref name="DoneBefore"/> were before this pass.</param>
[GenerateSerializer, Immutable, Alias("cosy.JobShardSummary")]
public sealed record JobShardSummary(
    [property: Id(0)] int Items, [property: Id(1)] int Done, [property: Id(2)] int Failed, [property: Id(3)] int DoneBefore)
{
    public int Unfinished => Items - Done - Failed;
}

[GenerateSerializer, Immutable, Alias("cosy.JobShardWork")]
public sealed record JobShardWork([property: Id(0)] JobShardSummary Summary, [property: Id(1)] JobEntry[] Unfinished);

/// <param name="From">Number of the first item.</param>
/// <param name="Limit">The most items.</param>
/// <param name="Status">Null for any; otherwise a <see cref="JobItemStatus"/>.</param>
/// <param name="Running">Numbers of items that are under way.</param>
[GenerateSerializer, Immutable, Alias("cosy.JobShardQuery")]
public sealed record JobShardQuery(
    [property: Id(0)] int From,
    [property: Id(1)] int Limit,
    [property: Id(2)] int? Status,
    [property: Id(3)] int Pass,
    [property: Id(4)] DateTimeOffset? Cancelled,
    [property: Id(5)] int[] Running);
