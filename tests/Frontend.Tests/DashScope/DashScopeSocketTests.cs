using System.Net.WebSockets;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Frontend.Tests.DashScope;

public sealed class DashScopeSocketTests : IAsyncLifetime
{
    private static readonly object Pcm = new { voice = "ben", format = "pcm", sample_rate = 24000, seed = 7, volume = 50, rate = 1.0, pitch = 1.0, text_type = "PlainText", type = 0 };

    private static readonly object Timed = new { voice = "ben", format = "pcm", sample_rate = 24000, seed = 7, word_timestamp_enabled = true };

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

    [Fact]
    public async Task Talk_WordTimestamps_AreThoseOfTheTask()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", Timed);
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = "One two. Thr" });
        await client.ContinueAsync("t", new { text = "ee four" });
        await client.ContinueAsync("t", new { flush = true });
        await client.ContinueAsync("t", new { text = "你好 six" });
        await client.FinishAsync("t");
        var (sound, ends) = await TimedAsync(client, "t");

        Assert.Equal(CosyServer.Bytes(_server.Model.ExpectedWritten("One two. Three four 你好 six", "ben", 7)), sound);
        Assert.Equal(["One two.", "Three four", "你好 six"], ends.Select(end => end.Text));
        Assert.Equal(["One 0-3", "two. 4-8", "Three 0-5", "four 6-10", "你 0-1", "好 1-2", "six 3-6"], ends.SelectMany(end => end.Words).Select(word => $"{word.Text} {word.Begin}-{word.End}"));
        // A word of this model is 100 ms long, and each sentence goes on where the one before ended: the sound of the task is the origin.
        Assert.Equal([0, 200, 400], ends.Select(end => end.Words[0].BeginTime));
        Assert.Equal([200, 400, 600], ends.Select(end => end.Words[^1].EndTime));
        Assert.Equal([200, 400, 600], ends.Select(end => end.Milliseconds)); // Each is told behind its last sample.
        Assert.All(ends.SelectMany(end => end.Words), word => Assert.True(word.BeginTime < word.EndTime));
    }

    [Fact]
    public async Task Talk_WordTimestampsOfALongSentence_AreToldInSeveralShortEvents()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        var text = string.Join(' ', Enumerable.Range(0, 90).Select(i => $"\"word\"{i}")) + " " + string.Concat(Enumerable.Repeat("😀", 1000)) + " end.";
        await client.RunAsync(new string('t', 64), Timed);
        await client.EventAsync(new string('t', 64), "task-started");
        await client.ContinueAsync(new string('t', 64), new { text });
        await client.FinishAsync(new string('t', 64));
        var (_, ends) = await TimedAsync(client, new string('t', 64));

        Assert.InRange(ends.Count, 3, 10);
        var words = ends.SelectMany(end => end.Words).ToList();
        Assert.Equal(92, words.Count);
        Assert.Equal(text.Split(' ')[..90], words.Take(90).Select(word => word.Text));
        Assert.Equal("end.", words[^1].Text);
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.EndTime <= pair.Second.BeginTime));
        foreach (var end in ends.Where(end => end.Words.All(word => word.Text.Length < 100))) // The text of the other is cut.
        {
            Assert.All(end.Words, word => Assert.Equal(word.Text, end.Text[word.Begin..word.End]));
        }
    }

    [FfmpegFact]
    public async Task Talk_WordTimestampsOfMp3_AreTheSame()
    {
        using var client = await DashScopeClient.ConnectAsync(_server);
        await client.RunAsync("t", new { voice = "ben", format = "mp3", sample_rate = 22050, word_timestamp_enabled = true });
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = "One two. Three four." });
        await client.FinishAsync("t");
        var (_, ends) = await TimedAsync(client, "t");
        Assert.Equal([(0, 200), (200, 400)], ends.Select(end => (end.Words[0].BeginTime, end.Words[^1].EndTime)));
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

    /// <summary>The sound of a task, and its sentences with the milliseconds of sound (as samples) that were sent before the end of each was told.</summary>
    private static async Task<(byte[] Sound, List<Sentence> Ends)> TimedAsync(DashScopeClient client, string task)
    {
        using var sound = new MemoryStream();
        List<Sentence> ends = [];
        var isOpen = false;
        while (await client.EventAsync() is var (name, happened, piece) && name != "task-finished")
        {
            Assert.Equal(task, happened.GetProperty("header").GetProperty("task_id").GetString());
            var output = happened.GetProperty("payload").GetProperty("output");
            var index = output.GetProperty("sentence").GetProperty("index").GetInt32();
            if (name == "sentence-synthesis" && !isOpen) // What an encoder had held back.
            {
                Assert.Equal(ends.Count - 1, index);
                continue;
            }

            Assert.Equal((ends.Count, name != "sentence-begin"), (index, isOpen));
            isOpen = name != "sentence-end";
            sound.Write(piece ?? []);
            if (name == "sentence-end")
            {
                ends.Add(new Sentence(
                    output.GetProperty("original_text").GetString()!,
                    (int)(sound.Length / 48),
                    [.. output.GetProperty("sentence").GetProperty("words").EnumerateArray().Select(word => new Word(
                        word.GetProperty("text").GetString()!, word.GetProperty("begin_index").GetInt32(), word.GetProperty("end_index").GetInt32(),
                        word.GetProperty("begin_time").GetInt32(), word.GetProperty("end_time").GetInt32()))]));
            }
        }

        Assert.False(isOpen);
        return (sound.ToArray(), ends);
    }

    private sealed record Sentence(string Text, int Milliseconds, IReadOnlyList<Word> Words);

    private sealed record Word(string Text, int Begin, int End, int BeginTime, int EndTime);
}
