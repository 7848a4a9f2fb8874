using System.Net;
using System.Net.Sockets;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Cli.Tests.Hostile;

/// <summary>Nobody can have the server knock at doors that only it reaches, by a webhook or by the address of a recording.</summary>
[Collection(nameof(HostileServer))]
public sealed class OutboundTests(HostileServer server)
{
    public static TheoryData<string> Closed =>
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0.0.0.0", "169.254.169.254", "0xa9fea9fe", "2852039166", "10.0.0.1", "192.168.0.1",
        "172.16.0.1", "100.64.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    ];

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Webhook_ToAClosedAddress_IsRefused(string host)
    {
        using var door = new Door();
        var order = $$"""{"items":["One."],"webhook":"https://{{host}}:{{door.Port}}/latest/meta-data/","webhook_secret":"0123456789abcdef"}""";

        HostileServer.AssertRefused(await server.PostAsync("/v1/jobs", order), HttpStatusCode.BadRequest, "leads to an address of a private network");

        Assert.False(door.WasKnocked);
    }

    [Fact]
    public async Task Webhook_ToANameThatLeadsToThisMachine_IsNeverCalled()
    {
        using var door = new Door();
        var order = $$"""{"id":"named","items":["One."],"webhook":"https://localhost:{{door.Port}}/","webhook_secret":"0123456789abcdef"}""";

        var (status, text) = await server.PostAsync("/v1/jobs", order);

        Assert.True(status == HttpStatusCode.Created, text);
        Assert.True(
            await Waiting.ForAsync(
                () => server.Said.Any(line => line.Contains("named/job/", StringComparison.Ordinal) && line.Contains("leads to an address of a private network", StringComparison.Ordinal)),
                TimeSpan.FromMinutes(1),
                default),
            "The call was not tried.");
        Assert.False(door.WasKnocked);
        using var _ = await server.Client.DeleteAsync("/v1/jobs/named");
    }

    [Theory]
    [MemberData(nameof(Closed))]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    public async Task Recording_AtAClosedAddress_IsNotFetched(string host)
    {
        using var door = new Door();
        foreach (var scheme in new[] { "http", "https" })
        {
            var order = $$"""{"model":"voice-enrollment","input":{"action":"create_voice","target_model":"m","prefix":"p","url":"{{scheme}}://{{host}}:{{door.Port}}/a.wav"} }""";

            HostileServer.AssertRefused(
                await server.PostAsync("/api/v1/services/audio/tts/customization", order), HttpStatusCode.BadRequest, "not on the public internet");
        }

        Assert.False(door.WasKnocked);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/a.wav")]
    [InlineData("/etc/passwd")]
    [InlineData("http://user:secret@example.com/a.wav")]
    [InlineData("gopher://127.0.0.1:6379/_x")]
    [InlineData("http:///a.wav")]
    public async Task Address_OfSomethingElse_IsRefused(string url)
    {
        var order = $$"""{"model":"voice-enrollment","input":{"action":"create_voice","target_model":"m","prefix":"p","url":"{{url}}"} }""";
        HostileServer.AssertRefused(await server.PostAsync("/api/v1/services/audio/tts/customization", order), HttpStatusCode.BadRequest, "InvalidParameter");
        order = $$"""{"items":["One."],"webhook":"{{url}}","webhook_secret":"0123456789abcdef"}""";
        HostileServer.AssertRefused(await server.PostAsync("/v1/jobs", order), HttpStatusCode.BadRequest, "webhook");
    }

    /// <summary>A port of this machine, on every address, that knows whether anybody came.</summary>
    private sealed class Door : IDisposable
    {
        private readonly TcpListener _listener = TcpListener.Create(0);

        public Door() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool WasKnocked => _listener.Pending();

        public void Dispose() => _listener.Dispose();
    }
}
