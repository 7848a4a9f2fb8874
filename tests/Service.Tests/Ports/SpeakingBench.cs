using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>A way of running the service, over models that need no weights.</summary>
public sealed class SpeakingBench : IAsyncDisposable
{
    private readonly Func<ValueTask> _stop;

    internal SpeakingBench(ISynthesis synthesis, INodes nodes, IReadOnlyList<ToneModel> models, Func<ValueTask> stop) =>
        (Synthesis, Nodes, Models, _stop) = (synthesis, nodes, models, stop);

    public ISynthesis Synthesis { get; }

    public INodes Nodes { get; }

    /// <summary>One for each node.</summary>
    internal IReadOnlyList<ToneModel> Models { get; }

    public ValueTask DisposeAsync() => _stop();
}
