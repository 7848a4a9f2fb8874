using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Storage;

namespace CosyOrleans.Grains.Tests.Jobs;

/// <summary>Storage outside the silos, which outlives them: states as JSON, conflicts noticed, operations counted.</summary>
internal sealed class KeptStates : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (int Version, string Json)> _states = new();
    private int _reads;
    private int _writes;
    private int _writing;
    private int _mostWriting;

    public int Reads => _reads;

    public int Writes => _writes;

    public int Kept => _states.Count;

    public ConcurrentDictionary<string, int> WritesByName { get; } = new();

    /// <summary>The most writes of one state that were under way at the same time.</summary>
    public int MostWriting => _mostWriting;

    /// <summary>Awaited within each write, which fails when this does.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    public int LongestOf(string name) => _states.Where(state => state.Key.StartsWith(name, StringComparison.Ordinal)).Max(state => state.Value.Json.Length);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _reads);
        var exists = _states.TryGetValue(Key(stateName, grainId), out var kept);
        grainState.State = exists ? JsonSerializer.Deserialize<T>(kept.Json)! : Activator.CreateInstance<T>();
        grainState.ETag = exists ? ETag(kept.Version) : null;
        grainState.RecordExists = exists;
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _writes);
        WritesByName.AddOrUpdate(stateName, 1, (_, count) => count + 1);
        var json = JsonSerializer.Serialize(grainState.State);
        Count(stateName, +1);
        try
        {
            await BeforeWrite(stateName);
            var next = _states.AddOrUpdate(
                Key(stateName, grainId),
                _ => grainState.ETag is null ? (1, json) : throw new InconsistentStateException("there is none"),
                (_, kept) => grainState.ETag == ETag(kept.Version) ? (kept.Version + 1, json) : throw new InconsistentStateException("it has changed"));
            grainState.ETag = ETag(next.Item1);
            grainState.RecordExists = true;
        }
        finally
        {
            Count(stateName, -1);
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(Key(stateName, grainId), out _);
        (grainState.ETag, grainState.RecordExists, grainState.State) = (null, false, Activator.CreateInstance<T>());
        return Task.CompletedTask;
    }

    private static string Key(string name, GrainId grain) => $"{name}:{grain}";

    private static string ETag(int version) => version.ToString(CultureInfo.InvariantCulture);

    private void Count(string name, int change)
    {
        if (name == "states")
        {
            _mostWriting = Math.Max(_mostWriting, Interlocked.Add(ref _writing, change));
        }
    }
}
