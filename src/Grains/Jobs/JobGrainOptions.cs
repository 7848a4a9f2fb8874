namespace CosyOrleans.Grains.Jobs;

/// <param name="DataFolder">Where outputs of jobs are written; the same folder for all silos and frontends.</param>
public sealed record JobGrainOptions(string DataFolder)
{
    /// <summary>Name of the storage provider that keeps jobs.</summary>
    public const string Storage = "jobs";
}
