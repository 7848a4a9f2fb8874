using System.Net.WebSockets;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Frontend.Tests.DashScope;

public sealed class DashScopeSocketTests : IAsyncLifetime
{
    private static readonly object Pcm = new { voice = "ben", format = "pcm", sample_rate = 24000, seed = 7, volume = 50, rate = 1.0, pitch = 1.0, text_type = "PlainText", type = 0 };

    private readonly CosyServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/api-ws/v1/inference")]
    [InlineData("/api-ws/v1/inference/")]
    public async Task Talk_SeveralTasks_EachIsHeardAndCounted(string path)
    {
        using var client = await DashScopeClient.ConnectAsync(_server, path);
        foreach (var task in new[] { Guid.NewGuid().ToString(), Guid.NewGuid().ToString("N") })
        {
            await client.RunAsync(task, Pcm);
            await client.EventAsync(task, "task-started"); // Before there is any text: clients wait for it.
            await client.ContinueAsync(task, new { text = "One t" });
            await client.ContinueAsync(task, new { text = "wo 你好" });
            await client.FinishAsync(task);
            var (sound, characters) = await client.SoundAsync(task);
            Assert.Equal(CosyServer.Bytes(_server.Model.ExpectedWritten("One two 你好", "ben", 7)), sound);
            Assert.Equal(12, characters);
        }
    }

    [Fact]
    public async Task Talk_Flush_IsHeardBeforeMoreIsWritten()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", Pcm);
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = "One two" });
        await client.ContinueAsync("t", new { flush = true });
        await client.EventAsync("t", "sentence-begin");
        for (var bytes = 0; bytes < 2 * 2 * 2400;)
        {
            bytes += (await client.EventAsync()).Sound!.Length;
        }

        await client.FinishAsync("t");
    }

    [FfmpegFact]
    public async Task Talk_DefaultFormat_IsMp3At22050()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", new { voice = "ben", format = "Default", sample_rate = 0, seed = 0 });
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = "One two three." });
        await client.FinishAsync("t");
        var (codec, rate, _, _) = await Ffprobe.DescribeAsync((await client.SoundAsync("t")).Sound);
        Assert.Equal(("mp3", 22050), (codec, rate));
    }

    [Fact]
    public async Task Talk_Mp3WithoutFfmpeg_FailsAndSaysSo()
    {
        await using var server = new CosyServer { Encoders = new AudioEncoders(new FormatOptions(), TimeProvider.System, path: "") };
        await server.InitializeAsync();
        using var client = await DashScopeClient.ConnectAsync(server);
        await client.RunAsync("t", new { voice = "ben", format = "Default", sample_rate = 0 });
        var (code, message) = await client.FailureAsync("t");
        Assert.Equal("InvalidParameter", code);
        Assert.Contains("ffmpeg", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"pitch":1.2}""", "pitch")]
    [InlineData("""{"rate":3}""", "rate")]
    [InlineData("""{"volume":101}""", "volume")]
    [InlineData("""{"text_type":"SSML"}""", "SSML")]
    [InlineData("""{"format":"midi"}""", "midi")]
    [InlineData("""{"sample_rate":12345}""", "12345")]
    [InlineData("""{"hot_fix":{"replace":[{"a":"b"}]}}""", "hot_fix")]
    public async Task Talk_ParameterThatCannotBeHad_FailsNamingIt(string parameters, string name)
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", System.Text.Json.JsonDocument.Parse(parameters).RootElement);
        var (code, message) = await client.FailureAsync("t");
        Assert.Equal("InvalidParameter", code);
        Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Talk_WhateverGoesWrong_FailsTheTaskAndTheNextOneWorks()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.Connection.SendAsync("nonsense"u8.ToArray(), WebSocketMessageType.Text);
        await client.FailureAsync("");
        await client.Connection.SendAsync([1, 2, 3], WebSocketMessageType.Binary);
        await client.FailureAsync("");
        await client.ContinueAsync("never", new { text = "One." });
        await client.FailureAsync("never");

        await client.RunAsync("voice", new { voice = "longxiaochun", format = "pcm" });
        await client.EventAsync("voice", "task-started");
        Assert.Contains("longxiaochun", (await client.FailureAsync("voice")).Message, StringComparison.Ordinal);
        await client.ContinueAsync("voice", new { text = "Still on its way." }); // Means nothing any more.

        await client.RunAsync("long", Pcm);
        await client.EventAsync("long", "task-started");
        await client.ContinueAsync("long", new { text = new string('你', 10_001) });
        Assert.Contains("20002", (await client.FailureAsync("long")).Message, StringComparison.Ordinal);

        await client.RunAsync("empty", Pcm);
        await client.EventAsync("empty", "task-started");
        await client.FinishAsync("empty");
        await client.FailureAsync("empty");

        // Clients say enable_ssml for any text.
        await client.RunAsync("ssml", new { format = "pcm", enable_ssml = true });
        await client.EventAsync("ssml", "task-started");
        await client.ContinueAsync("ssml", new { text = " <speak>One.</speak>" });
        Assert.Contains("SSML", (await client.FailureAsync("ssml")).Message, StringComparison.Ordinal);
        await client.RunAsync("plain", new { format = "pcm", enable_ssml = true });
        await client.EventAsync("plain", "task-started");
        await client.ContinueAsync("plain", new { text = "One." });
        await client.FinishAsync("plain");
        await client.SoundAsync("plain");

        await client.RunAsync("ended", Pcm);
        await client.EventAsync("ended", "task-started");
        await client.RunAsync("other", Pcm);
        await client.FailureAsync("other");
        await client.ContinueAsync("ended", new { text = "One." });
        await client.FinishAsync("ended");
        await client.SoundAsync("ended");
    }

    [Fact]
    public async Task Talk_Volume_ScalesTheSamples()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", new { voice = "amy", format = "pcm", sample_rate = 24000, seed = 1, volume = 0 });
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = "One." });
        await client.FinishAsync("t");
        var (sound, _) = await client.SoundAsync("t");
        Assert.Equal(4800, sound.Length);
        Assert.All(sound, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public async Task Talk_LongTextAndTaskId_EventsStayShort()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", Pcm);
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = string.Concat(Enumerable.Repeat("\u0001", 100)) + string.Concat(Enumerable.Repeat("😀你", 3000)) });
        await client.FailureAsync("t"); // U+0001 cannot be spoken.
        await client.RunAsync("u", Pcm);
        await client.EventAsync("u", "task-started");
        await client.ContinueAsync("u", new { text = string.Concat(Enumerable.Repeat("😀你", 3000)) });
        await client.FinishAsync("u");
        await client.SoundAsync("u");
        await client.RunAsync(new string('x', 5000), new { format = "midi" });
        await client.EventAsync();
    }
}
