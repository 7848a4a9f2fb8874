using Orleans.Concurrency;

namespace CosyOrleans.Grains.Jobs;

[Reentrant]
public sealed class JobIndexGrain([PersistentState("index", JobGrainOptions.Storage)] IPersistentState<JobIndexState> stored)
    : Grain, IJobIndexGrain
{
    private readonly SharedWrites<JobIndexState> _writes = new(stored);

    public async Task Set(string id, bool running)
    {
        if (!(await _writes.ReadAsync()).Running.TryGetValue(id, out var before) || before != running)
        {
            await _writes.ChangeAsync(state => state.Running[id] = running);
        }
    }

    public Task Remove(string id) => _writes.ChangeAsync(state => state.Running.Remove(id));

    public async Task<string[]> All() => [.. (await _writes.ReadAsync()).Running.Keys];

    public async Task<string[]> Running() => [.. (await _writes.ReadAsync()).Running.Where(job => job.Value).Select(job => job.Key)];
}

[GenerateSerializer, Alias("cosy.JobIndexState")]
public sealed class JobIndexState
{
    /// <summary>Ids of all jobs, and whether they should be running.</summary>
    [Id(0)]
    public Dictionary<string, bool> Running { get; set; } = [];
}
