using CosyOrleans.Service.Admission;

namespace CosyOrleans.Service.Nodes;

/// <summary>This machine as the only node.</summary>
public sealed class LocalNodes(LocalModel model, SpeechQueue queue) : INodes
{
    public ValueTask<IReadOnlyList<NodeStatus>> ListAsync(CancellationToken cancellationToken) =>
        new([new NodeStatus(Environment.MachineName, model.State, model.Loaded?.Name, queue.Running, queue.Queued, queue.Capacity)]);
}
