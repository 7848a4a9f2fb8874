namespace CosyOrleans.Frontend.Tests.Cache;

public sealed class CacheTests
{
    [Fact]
    public async Task Post_TheSameTwice_SaysHitAndCountsIt()
    {
        await using var server = new CosyServer { Settings = new Dictionary<string, string> { ["Cache:Megabytes"] = "1" } };
        await server.InitializeAsync();

        var answers = new List<(string Cache, string Check, byte[] Sound)>();
        for (var i = 0; i < 2; i++)
        {
            var response = await server.PostAsync("/tts", new { text = "One two. Three.", seed = 3, stream = false });
            answers.Add((Header(response, "X-Cache"), Header(response, "X-Speech-Check"), await response.Content.ReadAsByteArrayAsync()));
        }

        var random = await server.PostAsync("/tts", new { text = "One two. Three." });
        Assert.Equal([("miss", "ok"), ("hit", "ok")], answers.Select(answer => (answer.Cache, answer.Check)));
        Assert.Equal(answers[0].Sound, answers[1].Sound);
        Assert.False(random.Headers.Contains("X-Cache"));
        var metrics = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("cosy_cache_requests_total{outcome=\"miss\"} 1\n", metrics);
        Assert.Matches("cosy_cache_requests_total\\{outcome=\"(hit|joined)\"\\} 1\n", metrics);
        Assert.Contains("cosy_stream_first_packet_time_seconds_count{stream=\"false\"} 2\n", metrics);
        Assert.Contains("cosy_stream_ends_total{outcome=\"ok\"} ", metrics);
        await ((IAsyncLifetime)server).DisposeAsync();
    }

    [Fact]
    public async Task Post_WithoutTheSetting_KeepsNothing()
    {
        await using var server = new CosyServer();
        await server.InitializeAsync();

        var response = await server.PostAsync("/tts", new { text = "One two. Three.", seed = 3 });

        Assert.False(response.Headers.Contains("X-Cache"));
        Assert.False(Directory.Exists(Path.Combine(server.Data, "cache")));
        await ((IAsyncLifetime)server).DisposeAsync();
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
