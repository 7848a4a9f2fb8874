using CosyOrleans.Service.Jobs;
using Orleans.Concurrency;

namespace CosyOrleans.Grains.Jobs;

/// <summary>A job; the key is its id. Results are null where there is no such job.</summary>
[Alias("cosy.IBatchJobGrain")]
public interface IBatchJobGrain : IGrainWithStringKey
{
    /// <summary>Takes an order's header; its items go to the shards, and then <see cref="Begin"/> is called. May be repeated.</summary>
    [ResponseTimeout("00:10:00"), Alias("Offer")]
    Task<JobOffer> Offer(JobHeader header);

    /// <summary>All items have arrived. May be repeated.</summary>
    [Alias("Begin")]
    Task<JobStatus?> Begin();

    [AlwaysInterleave, ResponseTimeout("00:00:03"), Alias("Look")]
    Task<JobView?> Look();

    [ResponseTimeout("00:01:00"), Alias("Command")]
    Task<JobReply?> Command(int command);

    /// <summary>See <see cref="JobFeed.ReadAsync"/>.</summary>
    [AlwaysInterleave, Alias("Events")]
    IAsyncEnumerable<JobEvent> Events(long? after, CancellationToken cancellationToken);

    /// <summary>Look whether there is work that nobody does.</summary>
    [Alias("GoOn")]
    Task GoOn();

    /// <summary>Stops it and removes everything of it; false where there is nothing.</summary>
    [ResponseTimeout("00:10:00"), Alias("Delete")]
    Task<bool> Delete();
}

/// <param name="Outcome">A <see cref="JobSubmissionOutcome"/>.</param>
/// <param name="Begun">The job has all its items.</param>
[GenerateSerializer, Immutable, Alias("cosy.JobOffer")]
public sealed record JobOffer([property: Id(0)] int Outcome, [property: Id(1)] bool Begun, [property: Id(2)] JobStatus Job);

/// <summary>What is needed to understand the shards of a job.</summary>
/// <param name="Running">Numbers of the items under way.</param>
[GenerateSerializer, Immutable, Alias("cosy.JobView")]
public sealed record JobView([property: Id(0)] JobStatus Job, [property: Id(1)] int Pass, [property: Id(2)] int[] Running)
{
    public DateTimeOffset? Cancelled => Job.Phase == JobPhase.Cancelled ? Job.Finished : null;
}
