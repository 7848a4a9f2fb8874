using System.Net;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Frontend.Tests.Health;

public sealed class ReadinessTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _gate = new();
    private readonly CosyServer _server;

    public ReadinessTests()
    {
        var model = new ToneModel { BeforeChunk = (_, _, token) => _gate.Task.WaitAsync(token) };
        _server = new CosyServer { Model = model, ReadyFirst = false };
    }

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task BeforeTheFirstWords_AliveButNotReady()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.GetAsync("/healthz")).StatusCode);
        Assert.Equal("""{"object":"list","data":[]}""", await _server.Client.GetStringAsync("/v1/models"));
        foreach (var response in new[]
        {
            await _server.Client.GetAsync("/readyz"),
            await _server.Client.GetAsync("/v1/audio/voices"),
            await _server.PostAsync("/tts", new { text = "Hello." }),
            await _server.PostAsync("/v1/audio/speech", new { input = "Hello.", voice = "amy" }),
        })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            Assert.Equal("NOT_READY", (await CosyServer.ErrorAsync(response)).Code);
        }
    }

    [Fact]
    public async Task AfterTheFirstWords_Ready()
    {
        _gate.SetResult();
        await _server.WhenLoadedAsync();

        Assert.Equal("""{"status":"ready"}""", await _server.Client.GetStringAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, (await _server.PostAsync("/tts", new { text = "Hello." })).StatusCode);
    }
}
