using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Workers;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Grains.Routing;

/// <summary>The workers of the cluster that this process can reach, as they last reported.</summary>
public sealed class ClusterNodes(WorkerDirectory directory, ClusterConnection cluster) : INodes
{
    public ValueTask<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken) =>
        new([.. directory.Workers.OrderBy(worker => worker.Key, StringComparer.Ordinal).Select(Describe)]);

    public async ValueTask<bool> SetDrainingAsync(string name, bool draining, CancellationToken cancellationToken)
    {
        if (!directory.Workers.Any(worker => worker.Silo == name))
        {
            return false;
        }

        try
        {
            await cluster.Require().GetGrain<INodeGrain>(name).SetDraining(draining).AsTask().WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady,
                SpeechErrorCodes.NotReady,
                $"Node {Quoted.Value(name)} does not answer.",
                "Ask again in a few seconds; a node that stays silent is taken for dead and gets no work anyway.",
                e)
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            };
        }
    }

    private static NodeStatus Describe(Worker worker)
    {
        var status = worker.Status!;
        var state = worker.IsSuspect ? NodeState.Failed : Enum.Parse<NodeState>(status.State);
        return new NodeStatus(worker.Silo, status.Device, state, status.Model, status.Running, status.Queued, status.Capacity)
        {
            Fingerprint = status.Fingerprint,
        };
    }
}
