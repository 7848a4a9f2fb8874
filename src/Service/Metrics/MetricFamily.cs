using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CosyOrleans.Service.Metrics;

/// <summary>One metric by its Prometheus name, with a series for each set of labels.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly Action<MetricSeries, double> _record;

    public MetricFamily(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        Help = instrument.Description ?? "";
        Bounds = [];
        if (kind == typeof(Histogram<>))
        {
            Type = "histogram";
            Bounds = BoundsOf(instrument);
            _record = (series, value) => series.Observe(value);
        }
        else
        {
            var counts = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
            var adds = kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>);
            Type = counts ? "counter" : "gauge";
            _record = adds ? (series, value) => series.Add(value) : (series, value) => series.Set(value);
        }

        Name = PrometheusText.Name(instrument.Name, instrument.Unit, Type == "counter");
    }

    public string Name { get; }

    public string Help { get; }

    public string Type { get; }

    public double[] Bounds { get; }

    public IEnumerable<KeyValuePair<string, MetricSeries>> Series => _series.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _record(_series.GetOrAdd(PrometheusText.Labels(tags), static (_, bounds) => new MetricSeries(bounds), Bounds), value);

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Instrument<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Instrument<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => UsualBounds,
    };
}
