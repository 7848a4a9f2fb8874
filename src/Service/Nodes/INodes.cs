namespace CosyOrleans.Service.Nodes;

/// <summary>Port: what runs where, and how loaded it is.</summary>
public interface INodes
{
    /// <summary>Every device of every node.</summary>
    ValueTask<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A node that is drained finishes what it has begun and takes nothing new, until it is told to take work again or
    /// is started anew.
    /// </summary>
    /// <returns>False where no node has this name.</returns>
    /// <exception cref="Errors.SpeechException">The node does not answer.</exception>
    ValueTask<bool> SetDrainingAsync(string name, bool draining, CancellationToken cancellationToken);
}

/// <param name="Name">Of the machine, or the silo.</param>
/// <param name="Device">What computes there: "cpu", "cuda:0", …</param>
/// <param name="Model">Null until one is loaded.</param>
/// <param name="Capacity">Seconds of sound per second when all slots are taken, as measured.</param>
public sealed record NodeStatus(string Name, string Device, NodeState State, string? Model, int Running, int Queued, double Capacity)
{
    /// <summary>As <see cref="DeviceHost.Fingerprint"/>; null where it is not known yet.</summary>
    public string? Fingerprint { get; init; }
}

public enum NodeState
{
    /// <summary>The model is being read.</summary>
    Loading,

    /// <summary>The model speaks for the first time.</summary>
    WarmingUp,

    Ready,

    /// <summary>Finishes what it has begun and takes nothing new, because it was told so or is being stopped.</summary>
    Draining,

    /// <summary>The model could not be loaded, or does not speak.</summary>
    Failed,

    /// <summary>It has failed several times in a row and takes nothing new until it has spoken for itself.</summary>
    Quarantined,
}
