using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Storage;

namespace CosyOrleans.Grains.Tests.Jobs;

/// <summary>Storage outside the silos, which outlives them: states as JSON, conflicts noticed, operations counted.</summary>
internal sealed class KeptStates : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (int Version, string Json)> _states = new();
    private readonly ConcurrentDictionary<string, int> _writing = new();
    private int _failed;
    private int _mostWriting;

    /// <summary>Writes that failed.</summary>
    public int Failed => _failed;

    public ConcurrentDictionary<string, int> WritesByName { get; } = new();

    /// <summary>The most writes of one state that were under way at the same time.</summary>
    public int MostWriting => _mostWriting;

    /// <summary>Awaited within each write, which fails when this does.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    public int LongestOf(string name) => _states.Where(state => state.Key.StartsWith(name, StringComparison.Ordinal)).Max(state => state.Value.Json.Length);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var exists = _states.TryGetValue(Key(stateName, grainId), out var kept);
        grainState.State = exists ? JsonSerializer.Deserialize<T>(kept.Json)! : Activator.CreateInstance<T>();
        grainState.ETag = exists ? ETag(kept.Version) : null;
        grainState.RecordExists = exists;
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        WritesByName.AddOrUpdate(stateName, 1, (_, count) => count + 1);
        var json = JsonSerializer.Serialize(grainState.State);
        Count(Key(stateName, grainId), +1);
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
        catch
        {
            Interlocked.Increment(ref _failed);
            throw;
        }
        finally
        {
            Count(Key(stateName, grainId), -1);
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

    private void Count(string key, int change)
    {
        var writing = _writing.AddOrUpdate(key, change, (_, before) => before + change);
        for (var most = _mostWriting; writing > most; most = _mostWriting)
        {
            Interlocked.CompareExchange(ref _mostWriting, writing, most);
        }
    }
}
