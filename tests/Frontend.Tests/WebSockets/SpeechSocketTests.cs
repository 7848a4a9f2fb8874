using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Frontend.Tests.WebSockets;

public sealed class SpeechSocketTests : IAsyncLifetime
{
    private readonly CosyServer _server = new()
    {
        Settings = new Dictionary<string, string> { ["WebSocket:TextIdleSeconds"] = "1", ["WebSocket:PingSeconds"] = "1", ["Synthesis:ReadAheadSeconds"] = "1", ["WebSocket:GoodbyeSeconds"] = "1" },
    };

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Talk_SeveralSpeechesInPieces_EachIsHeardAndNoOther()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        for (var seed = 1; seed <= 3; seed++)
        {
            await client.SendAsync(new { type = "start", speaker_id = "ben", seed, task_id = $"t{seed}" });
            foreach (var piece in (string[])["One t", "wo ", "three", " four"])
            {
                await client.SendAsync(new { type = "text", text = piece });
            }

            await client.SendAsync(new { type = "end" });
            var started = await client.EventAsync("started");
            Assert.Equal(
                ($"t{seed}", "ben", seed, 24000),
                (started.GetProperty("task_id").GetString(), started.GetProperty("voice").GetString(), started.GetProperty("seed").GetInt32(),
                    started.GetProperty("sample_rate").GetInt32()));
            var (sound, finished) = await client.SoundUntilAsync("finished");
            Assert.Equal(CosyServer.Bytes(new ToneModel().ExpectedWritten("One two three four", "ben", seed)), sound);
            Assert.Equal((9600, 18), (finished.GetProperty("samples").GetInt32(), finished.GetProperty("characters").GetInt32()));
        }

        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task Talk_Flush_IsHeardBeforeMoreIsWritten()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        await client.SendAsync(new { type = "start", text = "One two", seed = 1, speaker_id = "amy" });
        await client.SendAsync(new { type = "flush" });
        await client.EventAsync("started");
        var bytes = 0;
        while (bytes < 2 * 2 * 2400)
        {
            bytes += (await client.ReadAsync()).Sound!.Length;
        }

        await client.SendAsync(new { type = "end" });
        await client.SoundUntilAsync("finished");
    }

    [Fact]
    public async Task Talk_Cancel_StopsTheModelAndTheNextMayBegin()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        _server.Model.BeforeChunk = (_, number, token) => number == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await client.SendAsync(new { type = "start", text = "One two three ", task_id = "t" });
        await client.EventAsync("started");
        await client.SendAsync(new { type = "start", text = "Not now." });
        await client.SoundUntilAsync("error");
        await client.SendAsync(new { type = "cancel" });
        await client.SendAsync(new { type = "text", text = "too late" });
        var (_, cancelled) = await client.SoundUntilAsync("cancelled");
        Assert.Equal("t", cancelled.GetProperty("task_id").GetString());
        await _server.Model.WhenActiveAsync(0);

        _server.Model.BeforeChunk = (_, _, _) => Task.CompletedTask;
        await client.SendAsync(new { type = "start", text = "One." });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("started");
        await client.SoundUntilAsync("finished");
    }

    [Fact]
    public async Task Talk_WrongFieldsAndMessages_AreToldAndTheConnectionStays()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        await client.SendAsync("nonsense"u8.ToArray(), WebSocketMessageType.Text);
        await client.EventAsync("error");
        await client.SendAsync([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Contains("binary", (await client.EventAsync("error")).GetProperty("message").GetString(), StringComparison.Ordinal);
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("error");
        await client.SendAsync(new { type = "start", speaker_id = "zoe", speed = 9, task_id = "t" });
        await client.SendAsync(new { type = "text", text = "One." });
        await client.SendAsync(new { type = "end" });
        var failed = await client.EventAsync("failed");
        Assert.Equal(("t", "REQUEST_INVALID"), (failed.GetProperty("task_id").GetString(), failed.GetProperty("error").GetString()));
        Assert.All(["'zoe'", "speed is 9"], part => Assert.Contains(part, failed.GetProperty("message").GetString(), StringComparison.Ordinal));

        await client.SendAsync(new { type = "start", text = "One." });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("started");
        await client.SoundUntilAsync("finished");
    }

    [Fact]
    public async Task Talk_NobodyWritesOn_Fails()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        await client.SendAsync(new { type = "start", text = "One two " });
        await client.EventAsync("started");

        var (_, failed) = await client.SoundUntilAsync("failed");
        Assert.Equal("TEXT_TIMEOUT", failed.GetProperty("error").GetString());
        await _server.Model.WhenActiveAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Talk_ClientGone_StopsTheModel(bool hasSaidGoodbye)
    {
        var client = await TalkingClient.ConnectAsync(_server);
        _server.Model.BeforeChunk = (_, number, token) => number == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await client.SendAsync(new { type = "start", text = "One two three " });
        await client.EventAsync("started");

        if (hasSaidGoodbye)
        {
            await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }
        else
        {
            client.Socket.Abort();
        }

        await _server.Model.WhenActiveAsync(0);
        client.Dispose();
    }

    [Fact]
    public async Task Talk_ClientThatReadsNothing_SlowsDownTheModel()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        var made = 0;
        _server.Model.ChunkSamples = 240_000; // 10 s
        _server.Model.BeforeChunk = (_, number, _) =>
        {
            Interlocked.Exchange(ref made, number);
            return Task.CompletedTask;
        };
        await client.SendAsync(new { type = "start", speaker_id = "amy", seed = 1, text = string.Concat(Enumerable.Repeat("a ", 500)) });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("started");

        // It stands still while nobody reads, long before the end, and then goes on to it.
        int before;
        do
        {
            before = Volatile.Read(ref made);
            await Task.Delay(300);
        }
        while (before != Volatile.Read(ref made));

        Assert.InRange(before, 0, 400);
        var (sound, _) = await client.SoundUntilAsync("finished");
        Assert.Equal(500 * 240_000 * 2, sound.Length);
    }

    [Fact]
    public async Task Talk_MessageTooLarge_ClosesTheConnection()
    {
        using var client = await TalkingClient.ConnectAsync(_server);
        var part = new byte[1024 * 1024];
        try
        {
            for (var i = 0; i < 40; i++)
            {
                await client.Socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: false, default);
            }
        }
        catch (WebSocketException)
        {
            // Closed while it was being sent.
        }

        try
        {
            Assert.Equal((null, null), await client.ReadAsync());
            Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.Socket.CloseStatus);
        }
        catch (WebSocketException)
        {
            // The close was overtaken by the end of the connection.
        }
    }

    [Fact]
    public async Task Get_WithoutUpgrade_SaysHow()
    {
        using var response = await _server.Client.GetAsync("/v1/tts/ws");

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("WEBSOCKET_EXPECTED", (await CosyServer.ErrorAsync(response)).Code);
    }

    [Fact]
    public async Task Connect_FromAPageElsewhere_IsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://example.com");
        var address = new UriBuilder(_server.Client.BaseAddress!) { Scheme = "ws", Path = "/v1/tts/ws" }.Uri;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, default));
    }

    [Fact]
    public async Task Connect_AndSayNothing_IsPinged()
    {
        using var tcp = new TcpClient();
        var stream = await UpgradeAsync(_server, tcp, "/v1/tts/ws");

        const byte ping = 0x89;
        var frame = new byte[1];
        await stream.ReadExactlyAsync(frame).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(ping, frame[0]);
    }

    [Fact]
    public async Task Connect_AndNeverAnswerAGoodbye_IsLeftAfterTheTimeThatWasSet()
    {
        await using var patient = new CosyServer { Settings = new Dictionary<string, string> { ["WebSocket:GoodbyeSeconds"] = "60" } };
        await patient.InitializeAsync();
        var (leftByOther, other) = await LeaveAsync(patient);
        var (left, tcp) = await LeaveAsync(_server); // One second.
        using (other)
        {
            using (tcp)
            {
                // That of the other server began first: where the setting meant nothing, it would end first.
                Assert.Same(left, await Task.WhenAny(left, leftByOther, Task.Delay(TimeSpan.FromSeconds(30))));
                Assert.False(leftByOther.IsCompleted);
            }
        }
    }

    /// <summary>A connection that the server has said goodbye on, and that does not answer: completes when the server has left it.</summary>
    private static async Task<(Task Left, TcpClient Connection)> LeaveAsync(CosyServer server)
    {
        var tcp = new TcpClient();
        var stream = await UpgradeAsync(server, tcp, "/v1/text-to-speech/amy/stream-input?output_format=pcm_24000");
        var end = """{"text":""}"""u8.ToArray(); // After which the server closes.
        byte[] frame = [0x81, (byte)(0x80 | end.Length), 0, 0, 0, 0, .. end]; // Masked with nothing.
        await stream.WriteAsync(frame);
        var header = new byte[2];
        do
        {
            await stream.ReadExactlyAsync(header);
            await stream.ReadExactlyAsync(new byte[header[1]]);
        }
        while (header[0] != 0x88); // The goodbye.

        return (LeftAsync(), tcp);

        async Task LeftAsync()
        {
            try
            {
                await stream.CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // A reset ends it as well.
            }
        }
    }

    private static async Task<NetworkStream> UpgradeAsync(CosyServer server, TcpClient tcp, string path)
    {
        var address = server.Client.BaseAddress!;
        await tcp.ConnectAsync(address.Host, address.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        List<byte> answer = [];
        while (!Encoding.ASCII.GetString([.. answer]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            answer.Add((byte)stream.ReadByte());
        }

        return stream;
    }
}
