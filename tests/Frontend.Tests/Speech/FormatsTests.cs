using System.Net;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Frontend.Tests.Speech;

public sealed class FormatsTests : IAsyncLifetime
{
    private const string Text = "One two three. Four five.";

    private readonly TaskCompletionSource _gate = new();
    private readonly CosyServer _server = new() { Settings = new Dictionary<string, string> { ["Formats:MaxEncoders"] = "1" } };

    private double Seconds => _server.Model.Expected(Text, "amy", 1).Length / 24000.0;

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [FfmpegTheory]
    [InlineData("mp3", true, "audio/mpeg", "mp3")]
    [InlineData("flac", false, "audio/flac", "flac")]
    [InlineData("aac", true, "audio/aac", "aac")]
    [InlineData("opus", true, "audio/ogg; codecs=opus", "opus")]
    [InlineData("wav", true, "audio/wav", "pcm_s16le")]
    public async Task Tts_FormatAndRate_SendsThem(string format, bool stream, string type, string codec)
    {
        var response = await _server.PostAsync("/tts", new { text = Text, seed = 1, format, stream, sample_rate = 16000 });

        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal("16000", Assert.Single(response.Headers.GetValues("X-Sample-Rate")));
        Assert.Equal(stream, response.Headers.TransferEncodingChunked ?? false);
        var sound = await Ffprobe.DescribeAsync(body);
        Assert.Equal((codec, codec == "opus" ? 48000 : 16000), (sound.Codec, sound.SampleRate));
        Assert.InRange((await Ffprobe.DecodeAsync(body)).Length / (double)sound.SampleRate, Seconds - 0.001, Seconds + 0.25);
    }

    [Fact]
    public async Task Tts_PcmAtAnotherRate_IsAsLongAsTheSpeech()
    {
        var response = await _server.PostAsync("/tts", new { text = Text, seed = 1, sample_rate = 8000 });

        Assert.Equal(Seconds, (await response.Content.ReadAsByteArrayAsync()).Length / 16000.0, 4);
    }

    [FfmpegFact]
    public async Task OpenAi_NoFormat_StreamsMp3()
    {
        var response = await _server.PostAsync("/v1/audio/speech", new { model = "tts-1", input = Text, voice = "amy" });

        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal("mp3", (await Ffprobe.DescribeAsync(await response.Content.ReadAsByteArrayAsync())).Codec);
    }

    [FfmpegFact]
    public async Task Tts_Mp3_LeavesWhileTheRestIsBeingMade()
    {
        _server.Model.BeforeChunk = (_, number, token) => number == 2 ? _gate.Task.WaitAsync(token) : Task.CompletedTask;

        using var response = await _server.BeginAsync("/tts", new { text = Text, seed = 1, format = "mp3" });
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[41 + (2 * 192)];
        await body.ReadExactlyAsync(first); // What says what it is, and two frames.
        Assert.Equal(1, _server.Model.Active);

        _gate.SetResult();
        using var rest = new MemoryStream();
        await body.CopyToAsync(rest);
        Assert.Equal("mp3", (await Ffprobe.DescribeAsync([.. first, .. rest.ToArray()])).Codec);
    }

    [FfmpegFact]
    public async Task Disconnect_WhileStreamingMp3_StopsTheModelAndFreesThePlace()
    {
        _server.Model.BeforeChunk = (_, number, token) => number < 2 ? Task.CompletedTask : _gate.Task.WaitAsync(token);
        var response = await _server.BeginAsync("/tts", new { text = Text, format = "mp3" });
        var refused = await _server.PostAsync("/tts", new { text = Text, format = "mp3" });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("SERVER_BUSY", (await CosyServer.ErrorAsync(refused)).Code);

        response.Dispose();

        await _server.Model.WhenActiveAsync(0);
        _gate.SetResult();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await _server.BeginAsync("/tts", new { text = Text, format = "mp3" }, patience.Token)) is { IsSuccessStatusCode: false } again)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
        }
    }

    [FfmpegFact]
    public async Task ModelFails_WhileStreamingMp3_BreaksTheConnectionSoThatTheEndIsNotMistaken()
    {
        _server.Model.BeforeChunk = async (_, number, token) =>
        {
            if (number == 2)
            {
                await _gate.Task.WaitAsync(token);
                throw new InvalidOperationException();
            }
        };
        using var response = await _server.BeginAsync("/tts", new { text = Text, format = "mp3" });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        _gate.SetResult();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task WithoutFfmpeg_WhatNeedsIt_IsRefusedAndNamesIt()
    {
        await using var server = new CosyServer { Encoders = new AudioEncoders(new FormatOptions(), TimeProvider.System, path: "") };
        await server.InitializeAsync();

        var tts = await server.PostAsync("/tts", new { text = Text, format = "opus", sample_rate = 44100 });
        Assert.Equal(HttpStatusCode.BadRequest, tts.StatusCode);
        (_, var message, var solution) = await CosyServer.ErrorAsync(tts);
        Assert.Contains("Format opus is written by the program ffmpeg, which is not installed", message);
        Assert.Contains("sample_rate 44100 cannot be had with format opus", message);
        Assert.Contains("install ffmpeg", solution);

        var openAi = await server.PostAsync("/v1/audio/speech", new { input = Text, voice = "amy" });
        Assert.Equal(HttpStatusCode.BadRequest, openAi.StatusCode);
        (var code, message, _) = await CosyServer.ErrorAsync(openAi);
        Assert.Equal("FORMAT_UNAVAILABLE", code);
        Assert.StartsWith("response_format is left out, which means mp3.", message);

        var job = await server.PostAsync("/v1/jobs", new[] { new { text = Text, format = "wav" }, new { text = Text, format = "flac" } });
        Assert.Equal(HttpStatusCode.BadRequest, job.StatusCode);
        (code, message, _) = await CosyServer.ErrorAsync(job);
        Assert.Equal("FORMAT_UNAVAILABLE", code);
        Assert.StartsWith("Item 2: Format flac", message);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/tts", new { text = Text, format = "wav", sample_rate = 48000 })).StatusCode);
    }
}
