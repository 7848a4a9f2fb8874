namespace CosyOrleans.Service.Metrics;

/// <summary>One metric with one set of labels.</summary>
internal sealed class MetricSeries(double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _sum;
    private long _count;

    public void Add(double value)
    {
        lock (_gate)
        {
            _sum += value;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _sum = value;
        }
    }

    public void Observe(double value)
    {
        // The first bound that is not below the value: Prometheus's buckets include their upper bound.
        var bucket = Array.BinarySearch(bounds, value);
        lock (_gate)
        {
            _buckets[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
            _count++;
        }
    }

    public MetricReading Read()
    {
        lock (_gate)
        {
            return new MetricReading(_sum, _count, [.. _buckets]);
        }
    }
}

/// <param name="Value">The value of a counter or gauge, the sum of a histogram.</param>
/// <param name="Buckets">Observations per bucket, not cumulative; the last is above all bounds.</param>
internal readonly record struct MetricReading(double Value, long Count, long[] Buckets);
