using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using CosyOrleans.Frontend.Tests.DashScope;
using CosyOrleans.Frontend.Tests.WebSockets;

namespace CosyOrleans.Frontend.Tests.Speech;

/// <summary>What fails after the first sound never looks complete, in any protocol.</summary>
public sealed class MidwayFailureTests : IAsyncLifetime
{
    private const string Text = "One two three four.";

    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CosyServer _server = new();

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _server.Model.BeforeChunk = async (_, number, token) =>
        {
            if (number > 0)
            {
                await _heard.Task.WaitAsync(token);
                throw new InvalidOperationException("at CosyVoice.Secret()");
            }
        };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/tts", "text", "format", "pcm")]
    [InlineData("/tts", "text", "format", "wav")]
    [InlineData("/tts", "text", "format", "ulaw")]
    [InlineData("/v1/audio/speech", "input", "response_format", "pcm")]
    [InlineData("/v1/text-to-speech/ben/stream?output_format=pcm_24000", "text", "model_id", "x")]
    public async Task Chunked_BreaksTheConnection(string path, string text, string field, string value)
    {
        using var response = await _server.BeginAsync(path, new Dictionary<string, string> { [text] = Text, ["voice"] = "ben", [field] = value }
            .Where(pair => path == "/v1/audio/speech" || pair.Key != "voice").ToDictionary());

        await AssertBreaksAsync(response);
    }

    [Fact]
    public async Task ReferenceForm_BreaksTheConnection()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference_sft")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["tts_text"] = Text, ["spk_id"] = "ben" }),
        };
        using var response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await AssertBreaksAsync(response);
    }

    [Fact]
    public async Task OpenAiEvents_EndWithAnErrorInItsShape()
    {
        using var response = await _server.BeginAsync("/v1/audio/speech", new { input = Text, voice = "ben", response_format = "pcm", stream_format = "sse" });
        var events = await EventsAsync(response);

        Assert.Equal("speech.audio.delta", events[0].Data.GetProperty("type").GetString());
        var error = events[^1].Data.GetProperty("error");
        Assert.Equal(("server_error", "INTERNAL"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.DoesNotContain("Secret", error.GetRawText(), StringComparison.Ordinal);
        Assert.All(events.SkipLast(1), sound => Assert.Equal("speech.audio.delta", sound.Data.GetProperty("type").GetString())); // Never done.
    }

    [Fact]
    public async Task DashScopeEvents_EndWithAnErrorInItsShape()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/services/audio/tts/SpeechSynthesizer")
        {
            Content = JsonContent.Create(new { model = "cosyvoice-v3", input = new { text = Text, voice = "ben", format = "pcm", sample_rate = 24000 } }),
            Headers = { { "X-DashScope-SSE", "enable" } },
        };
        using var response = await _server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var events = await EventsAsync(response);

        Assert.Equal(("result", "null"), (events[0].Name, events[0].Data.GetProperty("output").GetProperty("finish_reason").GetString()));
        Assert.Equal(("error", "InternalError"), (events[^1].Name, events[^1].Data.GetProperty("code").GetString()));
        Assert.All(events.SkipLast(1), sound => Assert.Equal("null", sound.Data.GetProperty("output").GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task NativeSocket_SaysFailed()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        await client.SendAsync(new { type = "start", speaker_id = "ben", text = Text });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("started");
        Assert.NotNull((await client.ReadAsync()).Sound);
        _heard.SetResult();

        var (_, failed) = await client.SoundUntilAsync("failed");
        Assert.Contains("INTERNAL", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DashScopeSocket_SaysTaskFailed(bool timed)
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", new { voice = "ben", format = "pcm", sample_rate = 24000, word_timestamp_enabled = timed });
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = Text });
        await client.FinishAsync("t");
        await client.EventAsync("t", "sentence-begin");
        Assert.NotNull((await client.EventAsync()).Sound);
        _heard.SetResult();

        Assert.Equal("InternalError", (await client.FailureAsync("t")).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sync_alignment=true")]
    public async Task ElevenLabsSocket_SaysSoAndClosesWithAnError(string timed)
    {
        using var client = await TalkingClient.ConnectAsync(_server, $"/v1/text-to-speech/ben/stream-input?output_format=pcm_24000{timed}");
        await client.SendAsync(new { text = Text });
        await client.SendAsync(new { text = "" });
        _heard.SetResult();
        var last = (await client.ReadAsync()).Event!.Value;
        while (last.TryGetProperty("audio", out _))
        {
            Assert.NotEqual(JsonValueKind.True, last.GetProperty("isFinal").ValueKind);
            last = (await client.ReadAsync()).Event!.Value;
        }

        Assert.Equal("internal", last.GetProperty("error").GetString());
        Assert.Equal((null, null), await client.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.InternalServerError, client.Socket.CloseStatus);
    }

    private async Task AssertBreaksAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[100]);
        _heard.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => body.CopyToAsync(Stream.Null)); // HttpIOException: the end of the chunks never came.
    }

    private async Task<List<(string? Name, JsonElement Data)>> EventsAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        List<(string? Name, JsonElement Data)> events = [];
        string? name = null;
        while (await reader.ReadLineAsync() is { } line) // Ends without an exception: after the error the answer is over, as it should be.
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add((name, JsonDocument.Parse(line["data: ".Length..]).RootElement));
                _heard.TrySetResult();
            }
        }

        return events;
    }
}
