using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Grains.Routing;

/// <summary>The workers of the cluster that this process can reach, as they last reported.</summary>
public sealed class ClusterNodes(WorkerDirectory directory) : INodes
{
    public ValueTask<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken) =>
        new([.. directory.Workers.OrderBy(worker => worker.Key, StringComparer.Ordinal).Select(Describe)]);

    private static NodeStatus Describe(Worker worker)
    {
        var status = worker.Status!;
        var state = worker.IsSuspect ? NodeState.Failed : Enum.Parse<NodeState>(status.State);
        return new NodeStatus(worker.Key, state, status.Model, status.Running, status.Queued, status.Capacity);
    }
}
