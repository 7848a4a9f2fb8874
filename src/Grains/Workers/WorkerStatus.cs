using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Grains.Workers;

/// <summary>What somebody who chooses among workers needs to know of one.</summary>
[GenerateSerializer, Immutable, Alias("cosy.WorkerStatus")]
public sealed record WorkerStatus
{
    /// <summary>Key of the worker's grain, "silo/device".</summary>
    [Id(0)]
    public required string Key { get; init; }

    /// <summary>"cpu", "cuda:0", …</summary>
    [Id(1)]
    public required string Device { get; init; }

    /// <summary>A <see cref="NodeState"/> by name.</summary>
    [Id(2)]
    public required string State { get; init; }

    [Id(4)]
    public string? Model { get; init; }

    [Id(5)]
    public int SampleRate { get; init; }

    /// <summary>Voices that it can speak with at once: those its model came with, and those of the catalogue that it has at hand.</summary>
    [Id(6)]
    public string[] Voices { get; init; } = [];

    /// <summary>Speeches that may run at the same time.</summary>
    [Id(3)]
    public int Slots { get; init; }

    [Id(7)]
    public int Running { get; init; }

    [Id(8)]
    public int Queued { get; init; }

    /// <summary>Seconds of sound still to be made for everything running and queued, as predicted.</summary>
    [Id(9)]
    public double QueuedSeconds { get; init; }

    /// <summary>Seconds of sound per second with every place taken, as measured.</summary>
    [Id(10)]
    public double Capacity { get; init; }

    /// <summary>Bytes of memory that the process holds.</summary>
    [Id(11)]
    public long MemoryBytes { get; init; }

    /// <summary>The voices its model came with.</summary>
    [Id(12)]
    public string[] BuiltInVoices { get; init; } = [];

    /// <summary>A <see cref="NodeStatus.Fingerprint"/>.</summary>
    [Id(13)]
    public string? Fingerprint { get; init; }

    /// <summary>Loaded, has spoken, and takes work.</summary>
    public bool IsReady => State == nameof(NodeState.Ready);

    internal static WorkerStatus Of(string silo, DeviceHost device) => new()
    {
        Key = $"{silo}/{device.Name}",
        Device = device.Name,
        State = device.State.ToString(),
        Model = device.Model.Loaded?.Name,
        SampleRate = device.Model.Loaded?.SampleRate ?? 0,
        Voices = [.. device.Model.Loaded?.VoiceIds ?? [], .. device.Voices?.Ids ?? []],
        BuiltInVoices = [.. device.Model.Loaded?.VoiceIds ?? []],
        Slots = device.Queue.Slots,
        Running = device.Queue.Running,
        Queued = device.Queue.Queued,
        QueuedSeconds = device.Queue.QueuedSeconds,
        Capacity = device.Queue.Capacity,
        Fingerprint = device.Fingerprint,
        MemoryBytes = Environment.WorkingSet,
    };
}

/// <summary>What runs on one silo.</summary>
[GenerateSerializer, Immutable, Alias("cosy.NodeReport")]
public sealed record NodeReport([property: Id(0)] string Name, [property: Id(1)] WorkerStatus[] Workers);
