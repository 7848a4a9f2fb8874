using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace CosyOrleans.Service.Metrics;

/// <summary>Listens to the meters of this host and writes their values when asked, in Prometheus's text format.</summary>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>The meter of .NET: memory, processor time and garbage collection of the process.</summary>
    public const string ProcessMeter = "System.Runtime";

    /// <summary>The media type of <see cref="Write"/>.</summary>
    public const string ContentType = PrometheusText.ContentType;

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <param name="hostMeters">Names of meters that the factory of this host makes.</param>
    /// <param name="processMeters">Names of meters that all of the process shares.</param>
    public PrometheusExporter(IMeterFactory factory, IReadOnlyCollection<string> hostMeters, IReadOnlyCollection<string> processMeters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Several hosts may run in one process, as they do in tests: each counts its own.
            var meter = instrument.Meter;
            if (!processMeters.Contains(meter.Name) && !(hostMeters.Contains(meter.Name) && ReferenceEquals(meter.Scope, factory)))
            {
                return;
            }

            var family = new MetricFamily(instrument);
            listener.EnableMeasurementEvents(instrument, new Source(_families.GetOrAdd(family.Name, family), [.. meter.Tags ?? []]));
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            PrometheusText.Write(text, family);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var source = (Source)state!;
        source.Family.Record(value, source.Tags.Length == 0 ? tags : [.. source.Tags, .. tags]);
    }

    /// <param name="Tags">Of the meter, that is of all its measurements.</param>
    private sealed record Source(MetricFamily Family, KeyValuePair<string, object?>[] Tags);
}
