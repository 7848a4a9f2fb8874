using System.Net;
using CosyOrleans.Frontend.Tests.WebSockets;
using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Frontend.Tests.Access;

public sealed class KeyLimitsTests : IAsyncLifetime
{
    private const string Text = "One two three.";
    private readonly KeyedServer _server = new();

    public async Task InitializeAsync()
    {
        await _server.NewKeyAsync("first");
        await _server.InitializeAsync();
    }

    public Task DisposeAsync() => ((IAsyncLifetime)_server).DisposeAsync();

    [Fact]
    public async Task Requests_MoreThanAMinuteAllows_Are429WithATrueTime()
    {
        var client = await _server.ClientOfAsync("acme", new KeyLimits(RequestsPerMinute: 2));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/jobs")).StatusCode);

        using var refused = await client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Equal(KeyErrors.QuotaExceeded, (await CosyServer.ErrorAsync(refused)).Code);
        var another = await _server.ClientOfAsync("acme", new KeyLimits(RequestsPerMinute: 2));
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Speeches_MoreThanAtOnce_Are429UntilOneEnds()
    {
        var gate = new TaskCompletionSource();
        _server.Model.BeforeChunk = (_, number, token) => number == 1 ? gate.Task.WaitAsync(token) : Task.CompletedTask;
        var client = await _server.ClientOfAsync("acme", new KeyLimits(Concurrent: 1));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tts") { Content = JsonContent.Create(new { text = Text }) };
        using var running = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        using var refused = await client.PostAsJsonAsync("/tts", new { text = Text });
        gate.SetResult();
        await running.Content.ReadAsByteArrayAsync();

        Assert.Equal(KeyErrors.QuotaExceeded, (await CosyServer.ErrorAsync(refused)).Code);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await client.PostAsJsonAsync("/tts", new { text = Text }, patience.Token)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Yield(); // The answer has ended before its place is free.
        }
    }

    [Fact]
    public async Task Sound_OfTheDayUsedUp_Is429UntilMidnight()
    {
        var client = await _server.ClientOfAsync("acme", new KeyLimits(AudioMinutesPerDay: 1));
        _server.Model.ChunkSamples = 24_000 * 25;

        using var speech = await client.PostAsJsonAsync("/tts", new { text = Text, stream = true });
        var minutes = (await speech.Content.ReadAsByteArrayAsync()).Length / 2.0 / 24_000 / 60;
        Assert.True(minutes > 1, $"{minutes} minutes");
        using var refused = await client.PostAsJsonAsync("/tts", new { text = Text });

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var midnight = TimeSpan.FromDays(1) - TimeProvider.System.GetUtcNow().TimeOfDay;
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, midnight - TimeSpan.FromMinutes(1), midnight + TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/audio/voices")).StatusCode);
    }

    [Fact]
    public async Task Speeches_OnAConnection_CountOneByOneAndEndWithTheKey()
    {
        var key = await _server.NewKeyAsync("acme", new KeyLimits(RequestsPerMinute: 3));
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        using var client = await TalkingClient.ConnectAsync(_server, $"/v1/tts/ws?api_key={key}");
        for (var i = 0; i < 2; i++)
        {
            await SpeakAsync(client);
            await client.EventAsync("started");
            await client.SoundUntilAsync("finished");
        }

        await SpeakAsync(client);
        Assert.Equal(KeyErrors.QuotaExceeded, (await client.EventAsync("failed")).GetProperty("error").GetString());

        await _server.Keys.RevokeAsync(KeyText.Read(key)!.Value.Id, default);
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        await SpeakAsync(client);
        Assert.Equal(KeyErrors.Invalid, (await client.EventAsync("failed")).GetProperty("error").GetString());
    }

    private static async Task SpeakAsync(TalkingClient client)
    {
        await client.SendAsync(new { type = "start", text = Text });
        await client.SendAsync(new { type = "end" });
    }
}
