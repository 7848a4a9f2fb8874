using System.Net;
using CosyOrleans.Frontend.Tests.WebSockets;

namespace CosyOrleans.Frontend.Tests.Access;

public sealed class ConnectionsTests
{
    private const string Text = "One two three four five six.";

    [Fact]
    public async Task Server_With300IdleAnd60BusyConnections_ServesEachOfThem()
    {
        await using var server = new CosyServer { Settings = new Dictionary<string, string> { ["Synthesis:MaxRunning"] = "64" } };
        await server.InitializeAsync();
        var release = new TaskCompletionSource();
        server.Model.BeforeChunk = (_, number, token) => number == 1 ? release.Task.WaitAsync(token) : Task.CompletedTask;
        var idle = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => TalkingClient.ConnectAsync(server)));
        var busy = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => TalkingClient.ConnectAsync(server)));

        for (var i = 0; i < busy.Length; i++)
        {
            await busy[i].SendAsync(new { type = "start", text = Text, seed = i + 1, speaker_id = "ben" });
            await busy[i].SendAsync(new { type = "end" });
        }

        await server.Model.WhenActiveAsync(60).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v1/audio/voices")).StatusCode);
        release.SetResult();
        var sounds = await Task.WhenAll(busy.Select(async client =>
        {
            await client.EventAsync("started");
            return (await client.SoundUntilAsync("finished")).Sound;
        }));
        Assert.Equal(Enumerable.Range(1, 60).Select(seed => CosyServer.Bytes(server.Model.ExpectedWritten(Text, "ben", seed))), sounds);

        // Those who were idle all the time can still speak.
        foreach (var client in new[] { idle[0], idle[150], idle[299] })
        {
            await client.SendAsync(new { type = "start", text = Text, seed = 5 });
            await client.SendAsync(new { type = "end" });
            await client.EventAsync("started");
            await client.SoundUntilAsync("finished");
        }

        foreach (var client in idle.Concat(busy))
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_IsToldToComeAgainAndLetInWhenOneHasGone()
    {
        await using var server = new CosyServer { Settings = new Dictionary<string, string> { ["Frontend:MaxConnections"] = "16" } };
        await server.InitializeAsync();
        var held = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => TalkingClient.ConnectAsync(server)));
        using var another = new HttpClient { BaseAddress = server.Client.BaseAddress };

        using var refused = await another.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        Assert.True(refused.Headers.ConnectionClose);
        Assert.Contains("16 connections", (await CosyServer.ErrorAsync(refused)).Message);
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync("/healthz")).StatusCode);

        foreach (var client in held)
        {
            client.Dispose();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await NewConnectionAsync(server, patience.Token)) != HttpStatusCode.OK)
        {
            await Task.Yield(); // The server hears of it a little later.
        }
    }

    private static async Task<HttpStatusCode> NewConnectionAsync(CosyServer server, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
        using var response = await client.GetAsync("/v1/models", cancellationToken);
        return response.StatusCode;
    }
}
