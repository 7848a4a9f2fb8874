using System.Net;
using System.Text.Json;
using CosyOrleans.Service.Outbound;
using Microsoft.AspNetCore.TestHost;

namespace CosyOrleans.Frontend.Tests.DashScope;

public sealed class DashScopeHttpTests : IAsyncLifetime
{
    private const string Customization = "/api/v1/services/audio/tts/customization";
    private const string Synthesis = "/api/v1/services/audio/tts/SpeechSynthesizer";

    private readonly FetchingServer _server = new();
    private WebApplication _elsewhere = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _elsewhere = builder.Build();
        _elsewhere.MapGet("/me.wav", () => TypedResults.Bytes("a recording"u8.ToArray()));
        _elsewhere.MapGet("/moved", () => TypedResults.Redirect("/me.wav"));
        _elsewhere.MapGet("/inward", () => TypedResults.Redirect("http://127.0.0.2:9/me.wav"));
        _elsewhere.MapGet("/large", EndlessAsync);
        await _elsewhere.StartAsync();
        await _server.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task Voices_FromCreatingToDeleting_AreWhatClientsExpect()
    {
        var created = await AskAsync(new { action = "create_voice", target_model = "cosyvoice-v2", prefix = "me", url = $"{_elsewhere.Urls.First()}/moved" });
        var id = created.GetProperty("output").GetProperty("voice_id").GetString()!;
        Assert.StartsWith("cosyvoice-v2-me-", id, StringComparison.Ordinal);
        Assert.NotEqual("", created.GetProperty("request_id").GetString());
        await AskAsync(new { action = "update_voice", voice_id = id, url = $"{_elsewhere.Urls.First()}/me.wav" });
        var listed = (await AskAsync(new { action = "list_voice", prefix = "me", page_index = 0, page_size = 10 })).GetProperty("output").GetProperty("voice_list");
        Assert.Equal((1, id, "OK"), (listed.GetArrayLength(), listed[0].GetProperty("voice_id").GetString(), listed[0].GetProperty("status").GetString()));
        Assert.Equal(0, (await AskAsync(new { action = "list_voice", prefix = "you" })).GetProperty("output").GetProperty("voice_list").GetArrayLength());
        Assert.Equal("OK", (await AskAsync(new { action = "query_voice", voice_id = id })).GetProperty("output").GetProperty("status").GetString());
        await AskAsync(new { action = "delete_voice", voice_id = id });
        await AssertFailsAsync(new { action = "query_voice", voice_id = id }, HttpStatusCode.NotFound, "ResourceNotExist", id);
    }

    [Theory]
    [InlineData("/inward", "not on the public internet")]
    [InlineData("/large", "larger than")]
    [InlineData("/nothing", "404")]
    public async Task Create_FromWhatMustNotBeFetched_IsRefused(string path, string reason) =>
        await AssertFailsAsync(Create($"{_elsewhere.Urls.First()}{path}"), HttpStatusCode.BadRequest, "InvalidParameter", reason);

    [Theory]
    [InlineData("ftp://example.com/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:word@127.0.0.1/x")]
    [InlineData("me.wav")]
    public async Task Create_FromWhatIsNoAddress_IsRefused(string url) =>
        await AssertFailsAsync(Create(url), HttpStatusCode.BadRequest, "InvalidParameter", "The url is not");

    [Fact]
    public async Task Ask_Wrong_SaysWhatIsWrong()
    {
        await AssertFailsAsync(new { action = "sing" }, HttpStatusCode.BadRequest, "InvalidParameter", "'sing'");
        await AssertFailsAsync(new { action = "create_voice", target_model = "../x", prefix = "Me!" }, HttpStatusCode.BadRequest, "InvalidParameter", "input.prefix 'Me!'");
        await AssertFailsAsync(new { action = "list_voice", page_size = 5000 }, HttpStatusCode.BadRequest, "InvalidParameter", "page_size");
    }

    [Fact]
    public async Task Speech_WholeAndAsEvents_IsTheSameLength()
    {
        var body = new { model = "cosyvoice-v3", input = new { text = "One two.", voice = "ben", format = "pcm", sample_rate = 24000 } };
        var whole = await JsonAsync(await _server.PostAsync(Synthesis, body));
        Assert.Equal(2 * 2400 * 2, whole.GetProperty("output").GetProperty("audio").GetProperty("data").GetBytesFromBase64().Length);
        Assert.Equal(8, whole.GetProperty("usage").GetProperty("characters").GetInt32());

        using var request = new HttpRequestMessage(HttpMethod.Post, Synthesis) { Content = JsonContent.Create(body), Headers = { { "X-DashScope-SSE", "enable" } } };
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var outputs = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(part => JsonDocument.Parse(part["event: result\ndata: ".Length..]).RootElement.GetProperty("output")).ToArray();
        Assert.Equal(2 * 2400 * 2, outputs.Sum(output => output.GetProperty("audio").GetProperty("data").GetBytesFromBase64().Length));
        Assert.Equal("stop", outputs[^1].GetProperty("finish_reason").GetString());
    }

    private static object Create(string url) => new { action = "create_voice", target_model = "cosyvoice-v2", prefix = "me", url };

    private static async Task EndlessAsync(HttpContext context)
    {
        var piece = new byte[64 * 1024];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }
    }

    private async Task<JsonElement> AskAsync(object input)
    {
        using var response = await _server.PostAsync(Customization, new { model = "voice-enrollment", input });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await JsonAsync(response);
    }

    private async Task AssertFailsAsync(object input, HttpStatusCode status, string code, string reason)
    {
        using var response = await _server.PostAsync(Customization, new { model = "voice-enrollment", input });
        var error = await JsonAsync(response);
        Assert.Equal((status, code), (response.StatusCode, error.GetProperty("code").GetString()));
        Assert.Contains(reason, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    /// <summary>Takes 127.0.0.1 for the public internet, and nothing else.</summary>
    private sealed class FetchingServer : CosyServer
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services =>
                services.AddSingleton(new PublicDownload(address => address.Equals(IPAddress.Loopback), TimeSpan.FromSeconds(30), TimeProvider.System)));
        }
    }
}
