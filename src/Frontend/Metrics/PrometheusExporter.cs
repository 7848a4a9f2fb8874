using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Metrics;

/// <summary>Listens to the meters of this host and writes their values when asked.</summary>
internal sealed class PrometheusExporter : IDisposable
{
    private static readonly string[] HostMeters =
        [SynthesisInstruments.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    // Memory, processor time and garbage collection of the process.
    private const string ProcessMeter = "System.Runtime";

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public PrometheusExporter(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Wanted(instrument.Meter, factory))
            {
                return;
            }

            var family = new MetricFamily(instrument);
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
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

    // Several hosts may run in one process, as they do in tests: each counts its own.
    private static bool Wanted(Meter meter, IMeterFactory factory) =>
        meter.Name == ProcessMeter || (HostMeters.Contains(meter.Name) && ReferenceEquals(meter.Scope, factory));

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);
}
