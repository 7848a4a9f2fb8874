using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Webhooks;

namespace CosyOrleans.Service.Jobs;

/// <summary>Where a job is.</summary>
public enum JobPhase
{
    Running,

    /// <summary>Nothing new is begun; what had begun ends.</summary>
    Paused,

    /// <summary>Ended before its time: every item that was not done failed with the reason JOB_CANCELLED.</summary>
    Cancelled,

    /// <summary>Every item is done or failed with its reason.</summary>
    Completed,
}

/// <summary>What can be asked of a job.</summary>
public enum JobCommand
{
    Pause,
    Resume,
    Cancel,

    /// <summary>The items that failed, once more.</summary>
    Retry,
}

public enum JobItemStatus
{
    Pending,
    Running,
    Done,
    Failed,
}

/// <summary>What a job is, apart from its items.</summary>
/// <param name="Items">How many there are.</param>
/// <param name="InFlight">Items under way at the same time on each worker.</param>
/// <param name="Digest">Of all items: two orders with the same digest ask for the same outputs.</param>
public sealed record JobHeader(string Id, DateTimeOffset Created, int Items, int InFlight, string Digest)
{
    /// <summary>What it does beside its items; null for nothing.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>The id of the key that ordered it, to which its sound is charged; null where none did.</summary>
    public string? Key { get; init; }
}

/// <summary>How many items are where. The total is their sum.</summary>
public readonly record struct JobCounts(int Total, int Pending, int Running, int Done, int Failed);

/// <param name="Finished">When the phase became cancelled or completed.</param>
/// <param name="Problem">Why the job stopped by itself; null otherwise.</param>
public sealed record JobStatus(JobHeader Header, JobPhase Phase, JobCounts Counts, DateTimeOffset? Finished, string? Problem)
{
    /// <summary>What became of the one sound of all items; null where none was ordered.</summary>
    public AssemblyState? Assembly { get; init; }

    /// <summary>What items of a job that runs are waiting for, where that may take long; null otherwise.</summary>
    public string? Waiting { get; init; }

    /// <summary>How far the receiver of its calls is told; null where there is none.</summary>
    public WebhookState? Webhook { get; init; }

    /// <summary>How much of it failed and could be tried again.</summary>
    public int Failures => Counts.Failed + (Assembly?.Status == AssemblyStatus.Failed ? 1 : 0);
}

/// <summary>An item and what became of it so far.</summary>
public sealed record JobEntry(JobItem Item, JobItemState State);

public sealed record JobItemState(JobItemStatus Status)
{
    public static JobItemState Fresh { get; } = new(JobItemStatus.Pending);

    /// <summary>Failed attempts that count against the retries; 0 again when the item is retried by command.</summary>
    public int Tries { get; init; }

    /// <summary>Everything that went wrong, oldest first; the last one is the reason of a failed item.</summary>
    public IReadOnlyList<JobAttempt> Attempts { get; init; } = [];

    /// <summary>Length of the sound of an item that is done.</summary>
    public double? Seconds { get; init; }

    /// <summary>Size of the output of an item that is done.</summary>
    public long? Bytes { get; init; }
}

/// <summary>One attempt that failed.</summary>
public sealed record JobAttempt(DateTimeOffset At, string Code, string Message)
{
    /// <summary>What stands in for the end of an item that its job was cancelled before.</summary>
    public static JobAttempt Cancelled(DateTimeOffset at) =>
        new(at, JobErrorCodes.JobCancelled, "The job was cancelled before this item was done.");
}

/// <summary>What happened to an item: an attempt that failed (pending again, or failed for good), or its end.</summary>
public sealed record JobChange(int Number, string Name, JobItemStatus Status, DateTimeOffset At)
{
    public JobAttempt? Failure { get; init; }

    public double? Seconds { get; init; }

    public long? Bytes { get; init; }
}
