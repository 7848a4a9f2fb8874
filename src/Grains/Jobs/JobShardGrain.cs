using CosyOrleans.Service.Jobs;
using Orleans.Concurrency;

namespace CosyOrleans.Grains.Jobs;

// A shard is of no use once it is done, and a large job has thousands.
[CollectionAgeLimit(Minutes = 2)]
public sealed class JobShardGrain(
    [PersistentState("items", JobGrainOptions.Storage)] IPersistentState<JobShardItems> items,
    [PersistentState("states", JobGrainOptions.Storage)] IPersistentState<JobShardState> states) : Grain, IJobShardGrain
{
    private readonly SharedWrites<JobShardState> _states = new(states);

    public async Task Put(Immutable<JobItem[]> ordered)
    {
        if (!items.RecordExists)
        {
            items.State.Items = ordered.Value;
            await items.WriteStateAsync();
        }
    }

    public async Task<JobShardWork> Begin(int pass)
    {
        if (!items.RecordExists)
        {
            throw new InvalidOperationException($"Shard {this.GetPrimaryKeyString()} has no items.");
        }

        if ((await _states.ReadAsync()).Pass < pass)
        {
            await _states.ChangeAsync(state => state.Begin(pass));
        }

        var state = await _states.ReadAsync();
        var entries = items.State.Items.Select(item => new JobEntry(item, state.Of(item.Number, pass, null)));
        return new JobShardWork(
            await Summarize(pass), [.. entries.Where(entry => entry.State.Status == JobItemStatus.Pending)]);
    }

    public async Task<JobShardSummary> Summarize(int pass)
    {
        var state = await _states.ReadAsync();
        var now = items.State.Items.Select(item => state.Of(item.Number, pass, null).Status).ToList();
        var done = now.Count(status => status == JobItemStatus.Done);
        return new JobShardSummary(
            now.Count, done, now.Count(status => status == JobItemStatus.Failed), state.Pass < pass ? done : state.DoneBefore);
    }

    public async Task<Immutable<JobEntry[]>> Find(JobShardQuery query)
    {
        var state = await _states.ReadAsync();
        var running = query.Running.ToHashSet();
        var entries = items.State.Items.Where(item => item.Number >= query.From)
            .Select(item => Entry(item, state.Of(item.Number, query.Pass, query.Cancelled), running.Contains(item.Number)))
            .Where(entry => query.Status is not { } status || entry.State.Status == (JobItemStatus)status);
        return new Immutable<JobEntry[]>([.. entries.Take(query.Limit)]);
    }

    // A shard that has been deleted meanwhile stays so.
    public Task Record(int pass, JobChange change) =>
        items.RecordExists ? _states.ChangeAsync(state => state.Apply(change, pass)) : Task.CompletedTask;

    public async Task Delete()
    {
        await items.ClearStateAsync();
        await _states.ClearAsync();
        DeactivateOnIdle();
    }

    private static JobEntry Entry(JobItem item, JobItemState state, bool running) =>
        new(item, running && state.Status == JobItemStatus.Pending ? state with { Status = JobItemStatus.Running } : state);
}
