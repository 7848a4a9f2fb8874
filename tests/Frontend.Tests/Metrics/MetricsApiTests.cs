using System.Text.RegularExpressions;

namespace CosyOrleans.Frontend.Tests.Metrics;

public sealed partial class MetricsApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Get_AfterSpeeches_CountsThem()
    {
        await (await server.PostAsync("/tts", new { text = "One two three." })).Content.ReadAsByteArrayAsync();
        await server.PostAsync("/tts", new { text = "" });

        var response = await server.Client.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("cosy_model_ready{device=\"cpu\"} 1\n", text);
        Assert.Contains("cosy_speech_requests_total{device=\"cpu\",outcome=\"ok\"} 1\n", text);
        Assert.Contains("cosy_speech_requests_total{device=\"cpu\",outcome=\"refused\"} 1\n", text);
        Assert.Contains("cosy_speech_first_sound_time_seconds_count{device=\"cpu\",stream=\"true\"} 1\n", text);
        Assert.Contains("cosy_speech_first_sound_time_seconds_bucket{device=\"cpu\",stream=\"true\",le=\"0.3\"}", text);
        Assert.Contains("cosy_speech_time_seconds_bucket{device=\"cpu\",stream=\"true\",le=\"+Inf\"} 1\n", text);
        Assert.Contains("# TYPE cosy_speech_running gauge\n", text);
        Assert.Contains("dotnet_process_memory_working_set_bytes", text);
        Assert.Contains("http_server_request_duration_seconds_count", text);
    }

    [Fact]
    public async Task Get_EveryLine_IsInTheFormat()
    {
        var text = await server.Client.GetStringAsync("/metrics");

        Assert.EndsWith("\n", text);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(LineRegex(), line));
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_]\w* .*|[a-zA-Z_]\w*(\{\w+="([^"\\\n]|\\[\\"n])*"(,\w+="([^"\\\n]|\\[\\"n])*")*\})? (-?\d+(\.\d+)?(E[-+]\d+)?|[-+]Inf|NaN))$""")]
    private static partial Regex LineRegex();
}
