using System.Diagnostics.Metrics;
using System.Text;
using CosyOrleans.Service.Metrics;

namespace CosyOrleans.Service.Tests.Metrics;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new("CosyOrleans.Test");

    public void Dispose() => _meter.Dispose();

    [Theory]
    [InlineData("cosy.speech.requests", "{request}", true, "cosy_speech_requests_total")]
    [InlineData("cosy.speech.time", "s", false, "cosy_speech_time_seconds")]
    [InlineData("process.memory-use", "By", false, "process_memory_use_bytes")]
    [InlineData("9lives", null, false, "_9lives")]
    public void Name_FollowsTheConventions(string name, string? unit, bool counter, string expected) =>
        Assert.Equal(expected, PrometheusText.Name(name, unit, counter));

    [Fact]
    public void Labels_AreSortedAndEscaped() =>
        Assert.Equal(
            """a_b="1",path="C:\\x\n\"y\"",z="" """.TrimEnd(),
            PrometheusText.Labels([new("path", "C:\\x\n\"y\""), new("a.b", 1), new("z", null)]));

    [Fact]
    public void Write_Histogram_IsCumulativeAndIncludesItsBounds()
    {
        var histogram = _meter.CreateHistogram<double>(
            "h", "s", "A\\B\nC", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        var family = new MetricFamily(histogram);
        foreach (var value in new[] { 0.05, 0.1, 0.5, 2 })
        {
            family.Record(value, [new("k", "v")]);
        }

        Assert.Equal(
            """
            # HELP h_seconds A\\B\nC
            # TYPE h_seconds histogram
            h_seconds_bucket{k="v",le="0.1"} 2
            h_seconds_bucket{k="v",le="1"} 3
            h_seconds_bucket{k="v",le="+Inf"} 4
            h_seconds_sum{k="v"} 2.65
            h_seconds_count{k="v"} 4

            """.ReplaceLineEndings("\n"),
            Write(family));
    }

    [Fact]
    public void Write_CounterAndGauge_AddAndReplace()
    {
        var counter = new MetricFamily(_meter.CreateCounter<long>("c"));
        var observed = new MetricFamily(_meter.CreateObservableCounter("o", () => 1L));
        var gauge = new MetricFamily(_meter.CreateObservableGauge("g", () => 1d));
        var upDown = new MetricFamily(_meter.CreateUpDownCounter<int>("u"));
        foreach (var family in new[] { counter, observed, gauge, upDown })
        {
            family.Record(3, []);
            family.Record(4, []);
        }

        Assert.Contains("# TYPE c_total counter\nc_total 7\n", Write(counter));
        Assert.Contains("# TYPE o_total counter\no_total 4\n", Write(observed));
        Assert.Contains("# TYPE g gauge\ng 4\n", Write(gauge));
        Assert.Contains("# TYPE u gauge\nu 7\n", Write(upDown));
    }

    private static string Write(MetricFamily family)
    {
        var text = new StringBuilder();
        PrometheusText.Write(text, family);
        return text.ToString();
    }
}
