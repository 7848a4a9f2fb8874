namespace CosyOrleans.Service.Nodes;

/// <summary>Port: what runs where, and how loaded it is.</summary>
public interface INodes
{
    ValueTask<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken);
}

/// <param name="Name">Of the machine.</param>
/// <param name="Model">Null until one is loaded.</param>
/// <param name="Capacity">Seconds of sound per second when all slots are taken, as measured.</param>
public sealed record NodeStatus(string Name, NodeState State, string? Model, int Running, int Queued, double Capacity);

public enum NodeState
{
    /// <summary>The model is being read.</summary>
    Loading,

    /// <summary>The model speaks for the first time.</summary>
    WarmingUp,

    Ready,

    /// <summary>Finishes what it has begun and takes nothing new, because it is being stopped.</summary>
    Draining,

    /// <summary>The model could not be loaded, or does not speak.</summary>
    Failed,

    /// <summary>It has failed several times in a row and takes nothing new until it has spoken for itself.</summary>
    Quarantined,
}
