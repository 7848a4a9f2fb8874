using System.Net;
using System.Text.Json;

namespace CosyOrleans.Frontend.Tests.Nodes;

public sealed class NodesApiTests : IAsyncLifetime
{
    private readonly CosyServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Node_Drained_RefusesUntilItIsToldToGoOn()
    {
        var name = (await NodeAsync()).GetProperty("name").GetString()!;

        var drained = await _server.Client.PostAsync($"/v1/nodes/{name}/drain", null);

        Assert.Equal(HttpStatusCode.OK, drained.StatusCode);
        Assert.Equal("draining", (await NodeAsync()).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _server.Client.GetAsync("/readyz")).StatusCode);
        var refused = await _server.PostAsync("/tts", new { text = "Hello." });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "NODE_DRAINING"), (refused.StatusCode, (await CosyServer.ErrorAsync(refused)).Code));

        Assert.Equal(HttpStatusCode.OK, (await _server.Client.PostAsync($"/v1/nodes/{name}/resume", null)).StatusCode);

        Assert.Equal("ready", (await NodeAsync()).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _server.PostAsync("/tts", new { text = "Hello." })).StatusCode);
    }

    [Fact]
    public async Task Node_Unknown_IsNamedWithThoseThereAre()
    {
        var answer = await _server.Client.PostAsync("/v1/nodes/nobody/drain", null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var error = await CosyServer.ErrorAsync(answer);
        Assert.Equal("NODE_UNKNOWN", error.Code);
        Assert.Contains("'nobody'", error.Message);
    }

    private async Task<JsonElement> NodeAsync()
    {
        using var nodes = JsonDocument.Parse(await _server.Client.GetStringAsync("/v1/nodes"));
        return nodes.RootElement.GetProperty("nodes")[0].Clone();
    }
}
