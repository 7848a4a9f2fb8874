namespace CosyOrleans.Service.Nodes;

/// <summary>This machine as the only node.</summary>
public sealed class LocalNodes(DeviceHost device) : INodes
{
    public ValueTask<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var queue = device.Queue;
        return new([new NodeStatus(Environment.MachineName, device.Name, device.State, device.Model.Loaded?.Name, queue.Running, queue.Queued, queue.Capacity)
        {
            Fingerprint = device.Fingerprint,
        }]);
    }

    public ValueTask<bool> SetDrainingAsync(string name, bool draining, CancellationToken cancellationToken)
    {
        if (name != Environment.MachineName)
        {
            return new(false);
        }

        device.SetDraining(draining);
        return new(true);
    }
}
