using System.Net;
using System.Net.WebSockets;
using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Frontend.Tests.Access;

public sealed class KeyGateTests : IAsyncLifetime
{
    private readonly KeyedServer _server = new();
    private string _acme = "";
    private string _operator = "";

    public async Task InitializeAsync()
    {
        _acme = await _server.NewKeyAsync("acme");
        _operator = await _server.NewKeyAsync(null);
        await _server.InitializeAsync();
    }

    public Task DisposeAsync() => ((IAsyncLifetime)_server).DisposeAsync();

    [Theory]
    [InlineData("POST", "/tts")]
    [InlineData("POST", "/v1/audio/speech")]
    [InlineData("GET", "/v1/audio/voices")]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/jobs")]
    [InlineData("GET", "/v1/nodes")]
    [InlineData("GET", "/v1/tts/ws")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/nothing/at/all")]
    [InlineData("DELETE", "/tts")]
    public async Task Request_WithoutKey_Is401(string method, string path)
    {
        using var response = await _server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(KeyErrors.Missing, (await CosyServer.ErrorAsync(response)).Code);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/openapi/v1.json")]
    public async Task Request_ForWhatIsNobodys_NeedsNone(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "bearer ")]
    [InlineData("xi-api-key", "")]
    [InlineData("X-API-Key", "")]
    public async Task Request_WithKey_IsServed(string header, string scheme)
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v1/audio/voices", header, scheme + _acme));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/audio/voices", header, scheme + _acme[..^1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/audio/voices", header, scheme + KeyText.New()));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/audio/voices", header, scheme + Swapped(_acme, _operator)));
    }

    [Fact]
    public async Task Query_WithKey_CountsForGetAndWebSocketsOnly()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.GetAsync($"/v1/audio/voices?api_key={_acme}")).StatusCode);
        using var posted = await _server.PostAsync($"/tts?api_key={_acme}", new { text = "a" });
        Assert.Equal(HttpStatusCode.Unauthorized, posted.StatusCode);

        using var socket = new ClientWebSocket();
        var address = new UriBuilder(_server.Client.BaseAddress!) { Scheme = "ws", Path = "/v1/tts/ws" };
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address.Uri, default));
        Assert.Contains("401", refused.Message);
        using var welcome = new ClientWebSocket();
        address.Query = $"api_key={_acme}";
        await welcome.ConnectAsync(address.Uri, default);
        Assert.Equal(WebSocketState.Open, welcome.State);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/v1/nodes")]
    public async Task Request_ForTheOperator_Is403ForTenants(string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path, "X-API-Key", _acme));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(path, "X-API-Key", _operator));
    }

    [Fact]
    public async Task Keys_MadeAndRevokedWhileTheServerRuns_CountWithinASecond()
    {
        var key = await _server.NewKeyAsync("late");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/models", "X-API-Key", key));
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v1/models", "X-API-Key", key));

        await _server.Keys.RevokeAsync(KeyText.Read(key)!.Value.Id, default);
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/models", "X-API-Key", key));
    }

    [Fact]
    public async Task Keys_DamagedWhileTheServerRuns_StayAsTheyWere()
    {
        await File.WriteAllTextAsync(_server.Keys.Path, "{\"keys\": []");
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v1/models", "X-API-Key", _acme));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Keys_GoneWhileTheServerRuns_LetNobodyIn()
    {
        File.Delete(_server.Keys.Path);
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/models", "X-API-Key", _acme));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Client.GetAsync("/v1/models")).StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await _server.Client.SendAsync(request);
        return response.StatusCode;
    }

    // The id of one with the secret of the other.
    private static string Swapped(string id, string secret) => (KeyText.Read(id)!.Value with { Secret = KeyText.Read(secret)!.Value.Secret }).ToString();
}
