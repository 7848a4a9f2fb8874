using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Grains.Jobs;

/// <summary>The items of a shard; written once.</summary>
[GenerateSerializer, Alias("cosy.JobShardItems")]
public sealed class JobShardItems
{
    [Id(0)]
    public JobItem[] Items { get; set; } = [];
}

/// <summary>What became of the items of a shard.</summary>
[GenerateSerializer, Alias("cosy.JobShardState")]
public sealed class JobShardState
{
    /// <summary>How often the failed items of the job had been asked for again when this shard was last worked on.</summary>
    [Id(0)]
    public int Pass { get; set; }

    /// <summary>Items that were done before this pass.</summary>
    [Id(1)]
    public int DoneBefore { get; set; }

    /// <summary>By number; an item that is not there is as fresh as it was submitted.</summary>
    [Id(2)]
    public Dictionary<int, JobItemState> States { get; set; } = [];

    /// <summary>Brings the shard to a pass: what was not done is pending again.</summary>
    public void Begin(int pass)
    {
        if (Pass >= pass)
        {
            return;
        }

        foreach ((var number, var state) in States)
        {
            States[number] = Again(state);
        }

        Pass = pass;
        DoneBefore = States.Values.Count(state => state.Status == JobItemStatus.Done);
    }

    /// <summary>May be repeated. What has ended, or belongs to a later pass, stays as it is.</summary>
    public void Apply(JobChange change, int pass)
    {
        var state = States.GetValueOrDefault(change.Number, JobItemState.Fresh);
        if (pass != Pass || state.Status != JobItemStatus.Pending)
        {
            return;
        }

        if (change.Failure is { } failure && !state.Attempts.Contains(failure))
        {
            state = state with { Tries = state.Tries + 1, Attempts = [.. state.Attempts, failure] };
        }

        States[change.Number] = state with { Status = change.Status, Seconds = change.Seconds, Bytes = change.Bytes };
    }

    /// <summary>The state of an item in a job that is in a pass, and may be cancelled, even if this shard has not heard of it.</summary>
    public JobItemState Of(int number, int pass, DateTimeOffset? cancelled)
    {
        var state = States.GetValueOrDefault(number, JobItemState.Fresh);
        state = Pass < pass ? Again(state) : state;
        return cancelled is { } at && state.Status == JobItemStatus.Pending
            ? state with { Status = JobItemStatus.Failed, Attempts = [.. state.Attempts, JobAttempt.Cancelled(at)] }
            : state;
    }

    private static JobItemState Again(JobItemState state) =>
        state.Status == JobItemStatus.Done ? state : state with { Status = JobItemStatus.Pending, Tries = 0 };
}
