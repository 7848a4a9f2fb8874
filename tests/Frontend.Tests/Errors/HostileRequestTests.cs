using System.Net.Sockets;
using System.Text;

namespace CosyOrleans.Frontend.Tests.Errors;

public sealed class HostileRequestTests(CosyServer server) : IClassFixture<CosyServer>
{
    public static TheoryData<string> Names => [.. HostileRequests.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_IsTurnedAwayInTheOneShape(string name)
    {
        var hostile = HostileRequests.All[name];
        var begun = server.Model.Begun;

        using var response = await server.Client.SendAsync(hostile.Build());

        Assert.Equal(hostile.Status, (int)response.StatusCode);
        (var code, var message, var solution) = await CosyServer.ErrorAsync(response);
        Assert.Equal(hostile.Code, code);
        Assert.InRange(message.Length + solution.Length, 20, 2000);
        Assert.DoesNotContain(message + solution, c => char.IsControl(c));
        Assert.NotEmpty(response.Headers.GetValues("X-Request-Id"));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("X-Seed"));
        Assert.Equal(begun, server.Model.Begun);
    }

    [Fact]
    public async Task MalformedJson_SaysWhere()
    {
        var content = new StringContent("{\n  \"text\": \"hi\",\n  \"seed\": x\n}", Encoding.UTF8, "application/json");

        (_, var message, _) = await CosyServer.ErrorAsync(await server.Client.PostAsync("/tts", content));

        Assert.Contains("line 3, byte 11", message);
    }

    [Fact]
    public async Task UnknownField_IsNamedWithThoseThereAre()
    {
        var response = await server.PostAsync("/tts", new { text = "hi", tempo = 1 });

        (_, var message, var solution) = await CosyServer.ErrorAsync(response);

        Assert.Contains("'tempo'", message);
        Assert.Contains("speed", solution);
    }

    [Fact]
    public async Task ManyThingsWrong_AreReportedAtOnce()
    {
        (_, var message, _) = await CosyServer.ErrorAsync(
            await server.PostAsync("/tts", new { text = "", speed = "x", seed = 0, speaker_id = "zoe", stream = 3, format = "exe", more = 1 }));

        foreach (var part in new[] { "nothing in the text", "speed is text", "seed is 0", "'zoe'", "stream is", "'exe'", "'more'" })
        {
            Assert.Contains(part, message);
        }
    }

    [Fact]
    public async Task NotAllowedMethod_NamesTheOneThatIs()
    {
        var response = await server.Client.GetAsync("/tts");

        Assert.Equal("POST", Assert.Single(response.Content.Headers.Allow));
        Assert.Contains("POST", (await CosyServer.ErrorAsync(response)).Solution);
    }

    [Theory]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    public async Task NotHttp_IsRefusedAndTheServerGoesOn(string raw)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(raw));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync();

        Assert.Matches("^$|^HTTP/1.1 (4\\d\\d|505) ", answer);
        Assert.True((await server.Client.GetAsync("/healthz")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task BodyThatStopsHalfWay_CostsNothing()
    {
        var begun = server.Model.Begun;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port);
            await client.GetStream().WriteAsync(
                "POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"text\":"u8.ToArray());
        }

        Assert.True((await server.Client.GetAsync("/healthz")).IsSuccessStatusCode);
        Assert.Equal(begun, server.Model.Begun);
    }
}
