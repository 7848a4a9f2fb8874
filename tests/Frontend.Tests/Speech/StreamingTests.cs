using System.Net;

namespace CosyOrleans.Frontend.Tests.Speech;

public sealed class StreamingTests : IAsyncLifetime
{
    private const string Text = "One two three four.";
    private readonly TaskCompletionSource _gate = new();
    private readonly CosyServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task FirstPacket_LeavesWhileTheRestIsBeingMade()
    {
        _server.Model.BeforeChunk = (_, number, token) => number == 1 ? _gate.Task.WaitAsync(token) : Task.CompletedTask;

        using var response = await _server.BeginAsync("/tts", new { text = Text, seed = 1 });
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[2 * _server.Model.ChunkSamples];
        await body.ReadExactlyAsync(first);
        Assert.Equal(1, _server.Model.Active);

        _gate.SetResult();
        using var rest = new MemoryStream();
        await body.CopyToAsync(rest);
        Assert.Equal(CosyServer.Bytes(_server.Model.Expected(Text, "amy", 1)), first.Concat(rest.ToArray()));
    }

    [Fact]
    public async Task Disconnect_WhileStreaming_StopsTheModel()
    {
        _server.Model.BeforeChunk = (_, number, token) => number == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        var response = await _server.BeginAsync("/tts", new { text = Text });
        Assert.Equal(1, _server.Model.Active);

        response.Dispose();

        await _server.Model.WhenActiveAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disconnect_BeforeTheFirstSound_StopsTheModel(bool stream)
    {
        _server.Model.BeforeChunk = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        using var cancellation = new CancellationTokenSource();
        var asking = _server.BeginAsync("/tts", new { text = Text, stream }, cancellation.Token);
        await _server.Model.WhenActiveAsync(1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await _server.Model.WhenActiveAsync(0);
    }

    [Fact]
    public async Task ModelFails_BeforeTheFirstSound_AnswersAnErrorWithoutItsInsides()
    {
        _server.Model.BeforeChunk = (_, _, _) => throw new InvalidOperationException("at CosyVoice.Secret()");

        using var response = await _server.BeginAsync("/tts", new { text = Text });

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("INTERNAL", (await CosyServer.ErrorAsync(response)).Code);
        Assert.DoesNotContain("Secret", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("X-Seed"));
    }

    [Fact]
    public async Task ModelFails_WhileStreaming_BreaksTheConnectionSoThatTheEndIsNotMistaken()
    {
        _server.Model.BeforeChunk = async (_, number, token) =>
        {
            if (number == 0)
            {
                return;
            }

            await _gate.Task.WaitAsync(token);
            throw new InvalidOperationException();
        };
        using var response = await _server.BeginAsync("/tts", new { text = Text });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        _gate.SetResult();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task ModelFails_LateInAWholeSpeech_AnswersAnError()
    {
        _server.Model.BeforeChunk = (_, number, _) => number == 2 ? throw new InvalidOperationException() : Task.CompletedTask;

        using var response = await _server.BeginAsync("/tts", new { text = Text, stream = false });

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("INTERNAL", (await CosyServer.ErrorAsync(response)).Code);
    }
}
