using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// What is kept of a job as a whole; of the same size for any number of items. Shards before <see cref="Cursor"/> are
/// settled, those from <see cref="Frontier"/> on have not been begun, and those between are asked how they are.
/// </summary>
[GenerateSerializer, Alias("cosy.BatchJobState")]
public sealed class BatchJobState
{
    /// <summary>Null: there is no such job.</summary>
    [Id(0)]
    public JobHeader? Header { get; set; }

    /// <summary>All items have arrived.</summary>
    [Id(1)]
    public bool Begun { get; set; }

    /// <summary>Asked to be deleted; what is left of it is being removed.</summary>
    [Id(2)]
    public bool Deleting { get; set; }

    [Id(3)]
    public JobPhase Phase { get; set; }

    /// <summary>When the phase was entered.</summary>
    [Id(4)]
    public DateTimeOffset Since { get; set; }

    /// <summary>How often the failed items were asked for again.</summary>
    [Id(5)]
    public int Pass { get; set; }

    /// <summary>Increases with every activation that changes something, so that numbers of events never repeat.</summary>
    [Id(6)]
    public int Epoch { get; set; }

    [Id(7)]
    public int Cursor { get; set; }

    [Id(8)]
    public int Frontier { get; set; }

    /// <summary>Items that are done in settled shards.</summary>
    [Id(9)]
    public int Done { get; set; }

    /// <summary>Items that failed in settled shards.</summary>
    [Id(10)]
    public int Failed { get; set; }

    /// <summary>Items in shards that are not settled which were done before this pass.</summary>
    [Id(11)]
    public int DoneBefore { get; set; }

    /// <summary>Nothing more will happen to any item of this pass.</summary>
    public void Finish(JobPhase phase, int done, DateTimeOffset at)
    {
        (Phase, Since) = (phase, at);
        (Done, Failed, DoneBefore) = (done, Header!.Items - done, 0);
        Cursor = Frontier = JobShards.Count(Header.Items);
    }

    /// <summary>The items that failed are asked for once more.</summary>
    public void Retry(DateTimeOffset at)
    {
        (Phase, Since, Pass) = (JobPhase.Running, at, Pass + 1);
        (Done, Failed, DoneBefore) = (0, 0, Done);
        Cursor = Frontier = 0;
    }
}
