using System.Diagnostics.Metrics;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Cache;

/// <summary>Meters of the cache. The hit ratio is (hit + joined) / (hit + joined + miss).</summary>
public sealed class CacheInstruments
{
    private readonly Counter<long> _requests;

    public CacheInstruments(IMeterFactory meters, AudioCache cache)
    {
        var meter = meters.Create(SynthesisInstruments.MeterName);
        _requests = meter.CreateCounter<long>(
            "cosy.cache.requests", "{request}", "Requests that can be answered from the cache: hit, joined one under way, or miss; bypass: all others.");
        meter.CreateObservableGauge("cosy.cache.size", () => cache.Bytes, "By", "Sounds kept.");
    }

    internal void Hit() => Count("hit");

    internal void Joined() => Count("joined");

    internal void Missed() => Count("miss");

    internal void Bypassed() => Count("bypass");

    private void Count(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
