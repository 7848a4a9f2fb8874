using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Metrics;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Metrics;

public sealed class MeasuredSynthesisTests : IDisposable
{
    private static readonly SpeakRequest Request = new() { Text = "a", Seed = 1 };

    private readonly TestMeters _meters = new();
    private readonly ManualTime _time = new();
    private readonly PrometheusExporter _exporter;
    private readonly StreamInstruments _instruments;

    public MeasuredSynthesisTests()
    {
        _exporter = new PrometheusExporter(_meters, [SynthesisInstruments.MeterName], []);
        _instruments = new StreamInstruments(_meters);
    }

    public void Dispose() => _exporter.Dispose();

    [Fact]
    public async Task Speak_AGapInTheStream_IsItsUnderrun()
    {
        // The first frame after 0.25 s; then frames of 0.1 s, of which the third comes 0.7 s late.
        await SpeakAsync(Request, [0.25, 0.05, 0.85, 0.0]);

        var text = _exporter.Write();
        Assert.Contains("cosy_stream_first_packet_time_seconds_sum{stream=\"true\"} 0.25\n", text);
        Assert.Contains("cosy_stream_last_packet_time_seconds_sum{stream=\"true\"} 1.15\n", text);
        Assert.Contains("cosy_stream_underrun_seconds_bucket{le=\"0.75\"} 1\n", text);
        Assert.Contains("cosy_stream_underrun_seconds_bucket{le=\"0.5\"} 0\n", text);
        Assert.Contains("cosy_stream_ends_total{outcome=\"ok\"} 1\n", text);
    }

    [Fact]
    public async Task Speak_ASlowListener_IsNoUnderrun()
    {
        await SpeakAsync(Request, [0, 0, 0, 0], listener: 5);

        Assert.Contains("cosy_stream_underrun_seconds_bucket{le=\"0.01\"} 1\n", _exporter.Write());
    }

    [Theory]
    [InlineData(SpeechErrorKind.Busy, "refused")]
    [InlineData(SpeechErrorKind.Internal, "failed")]
    public async Task Speak_Refused_IsCounted(SpeechErrorKind kind, string outcome)
    {
        var measured = new MeasuredSynthesis(new Refusing(kind), _instruments, _time);

        await Assert.ThrowsAsync<SpeechException>(() => measured.SpeakAsync(Request, default));

        Assert.Contains($"cosy_stream_ends_total{{outcome=\"{outcome}\"}} 1\n", _exporter.Write());
    }

    [Fact]
    public async Task Speak_AJob_IsNotMeasured()
    {
        await SpeakAsync(Request with { Lane = SpeechLane.Batch }, [1, 1]);

        Assert.DoesNotContain("cosy_stream_ends_total{", _exporter.Write());
    }

    private async Task SpeakAsync(SpeakRequest request, double[] pauses, double listener = 0)
    {
        var measured = new MeasuredSynthesis(new Paced(pauses, _time), _instruments, _time);
        await using var speech = await measured.SpeakAsync(request, default);
        await foreach (var _ in speech.Frames)
        {
            _time.Advance(TimeSpan.FromSeconds(listener));
        }
    }

    /// <summary>Frames of 0.1 s, each after a pause.</summary>
    private sealed class Paced(double[] pauses, ManualTime time) : ISynthesis
    {
        public Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new Speech(new SpeechDetails("t", "v", 1, 1000), FramesAsync(), () => ValueTask.CompletedTask));

        private async IAsyncEnumerable<AudioFrame> FramesAsync()
        {
            for (var i = 0; i < pauses.Length; i++)
            {
                if (pauses[i] > 0)
                {
                    await Task.Yield();
                    time.Advance(TimeSpan.FromSeconds(pauses[i]));
                }

                yield return new AudioFrame(i, 100 * i, new short[100], []);
            }
        }
    }

    private sealed class Refusing(SpeechErrorKind kind) : ISynthesis
    {
        public Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken) =>
            throw new SpeechException(kind, "CODE", "No.", "Wait.");
    }
}
