using System.Net;

namespace CosyOrleans.Frontend.Tests.Speech;

public sealed class QueueTests : IAsyncLifetime
{
    private const string Text = "One two three.";
    private readonly TaskCompletionSource _gate = new();

    private readonly CosyServer _server = new()
    {
        Settings = new Dictionary<string, string> { ["Synthesis:MaxRunning"] = "1", ["Synthesis:MaxQueued"] = "1" },
    };

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _server.Model.BeforeChunk = (_, number, token) => number == 1 ? _gate.Task.WaitAsync(token) : Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Overflow_IsRefusedWithATimeToComeBack_WhileTheOthersAreServed()
    {
        using var running = await _server.BeginAsync("/tts", new { text = Text, seed = 1 });
        var waiting = _server.BeginAsync("/tts", new { text = Text, seed = 2 });
        await WhenMetricAsync("cosy_speech_queued{device=\"cpu\"} 1");

        var refused = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => _server.PostAsync("/tts", new { text = Text })));

        foreach (var response in refused)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
            Assert.Equal("SERVER_BUSY", (await CosyServer.ErrorAsync(response)).Code);
        }

        _gate.SetResult();
        Assert.Equal(CosyServer.Bytes(_server.Model.Expected(Text, "amy", 1)), await running.Content.ReadAsByteArrayAsync());
        using var second = await waiting;
        Assert.Equal(CosyServer.Bytes(_server.Model.Expected(Text, "amy", 2)), await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Disconnect_OfTheOneWhoSpeaks_LetsTheNextOneIn()
    {
        var running = await _server.BeginAsync("/tts", new { text = Text, seed = 1 });
        var waiting = _server.BeginAsync("/tts", new { text = Text, seed = 2 });
        await WhenMetricAsync("cosy_speech_queued{device=\"cpu\"} 1");

        running.Dispose();

        using var second = await waiting;
        _gate.SetResult();
        Assert.Equal(CosyServer.Bytes(_server.Model.Expected(Text, "amy", 2)), await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Disconnect_WhileWaiting_GivesThePlaceBack()
    {
        using var running = await _server.BeginAsync("/tts", new { text = Text, seed = 1 });
        using var cancellation = new CancellationTokenSource();
        var waiting = _server.BeginAsync("/tts", new { text = Text, seed = 2 }, cancellation.Token);
        await WhenMetricAsync("cosy_speech_queued{device=\"cpu\"} 1");

        await cancellation.CancelAsync();

        await WhenMetricAsync("cosy_speech_queued{device=\"cpu\"} 0");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _gate.SetResult();
    }

    private async Task WhenMetricAsync(string line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await _server.Client.GetStringAsync("/metrics", patience.Token)).Contains(line + "\n"))
        {
            await Task.Yield();
        }
    }
}
