using System.Diagnostics.Metrics;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Synthesis;

/// <summary>Meters of speaking through the cluster.</summary>
public sealed class ClusterInstruments
{
    private readonly Counter<long> _speeches;
    private readonly Counter<long> _moves;

    public ClusterInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(SynthesisInstruments.MeterName);
        _speeches = meter.CreateCounter<long>("cosy.cluster.requests", "{request}", "Requests to speak that were passed to workers, by how they ended.");
        _moves = meter.CreateCounter<long>("cosy.cluster.moves", "{move}", "Times that a speech went from one worker to another, by reason.");
    }

    internal void Finished(string outcome) => _speeches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void MovedOn(string reason) => _moves.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
