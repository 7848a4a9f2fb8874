namespace CosyOrleans.Grains.Jobs;

/// <summary>All jobs, and which of them should be running; there is one of these, its key is <see cref="Key"/>.</summary>
[Alias("cosy.IJobIndexGrain")]
public interface IJobIndexGrain : IGrainWithStringKey
{
    const string Key = "jobs";

    [Alias("Set")]
    Task Set(string id, bool running);

    [Alias("Remove")]
    Task Remove(string id);

    [Alias("All")]
    Task<string[]> All();

    [Alias("Running")]
    Task<string[]> Running();
}
