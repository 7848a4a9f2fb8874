using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Outbound;
using CosyOrleans.Service.Tests.Jobs;

namespace CosyOrleans.Service.Tests.Outbound;

public sealed class PublicDownloadTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:4136:e378::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Contains_NotPublic_IsFalse(string address) => Assert.False(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("11.0.0.1")]
    [InlineData("172.15.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    public void Contains_Public_IsTrue(string address) => Assert.True(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:9/x")]
    [InlineData("http://localhost:9/x")]
    [InlineData("http://0x7f000001:9/x")]
    [InlineData("http://2130706433:9/x")]
    [InlineData("http://[::1]:9/x")]
    [InlineData("http://[::ffff:127.0.0.1]:9/x")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    public async Task Fetch_FromThisMachineOrItsNetwork_IsRefusedBeforeAnyConnection(string url)
    {
        using var download = new PublicDownload(TimeProvider.System);
        var refused = await Assert.ThrowsAsync<SpeechException>(() => download.FetchAsync(url, 1000, default));
        Assert.Contains("not on the public internet", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/")]
    [InlineData("http://2130706434:{0}/")]
    [InlineData("http://[::ffff:127.0.0.2]:{0}/")]
    public async Task Fetch_RedirectedToWhereOnlyThisMachineGets_IsRefusedBeforeAnyConnection(string target)
    {
        using var closed = new TcpListener(IPAddress.IPv6Any, 0);
        closed.Server.DualMode = true;
        closed.Start();
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        var location = string.Format(CultureInfo.InvariantCulture, target, ((IPEndPoint)closed.LocalEndpoint).Port);
        var redirecting = RedirectAsync(open, location);
        // As if this one address were public, and none of the others that lead here.
        using var download = new PublicDownload(address => address.Equals(IPAddress.Loopback), TimeSpan.FromSeconds(20), TimeProvider.System);

        var fetch = download.FetchAsync($"http://127.0.0.1:{((IPEndPoint)open.LocalEndpoint).Port}/x", 1000, default);
        await redirecting.WaitAsync(TestService.Patience);
        var refused = await Assert.ThrowsAsync<SpeechException>(() => fetch);

        Assert.Contains("not on the public internet", refused.Message, StringComparison.Ordinal);
        Assert.False(closed.Pending());
    }

    [Fact]
    public async Task Fetch_FromWhoNeverAnswers_EndsInTimeAndKeepsOthersOut()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/x";
        var time = new TimerTime();
        using var download = new PublicDownload(_ => true, TimeSpan.FromSeconds(20), time);
        var fetches = Enumerable.Range(0, PublicDownload.MostAtOnce).Select(_ => download.FetchAsync(url, 1000, default)).ToArray();
        Assert.Equal(SpeechErrorKind.Busy, (await Assert.ThrowsAsync<SpeechException>(() => download.FetchAsync(url, 1000, default))).Kind);

        Assert.Equal(TimeSpan.FromSeconds(20), await time.NextAsync());
        for (var i = 1; i < fetches.Length; i++)
        {
            await time.NextAsync();
        }

        foreach (var fetch in fetches)
        {
            Assert.Contains("within 20 seconds", (await Assert.ThrowsAsync<SpeechException>(() => fetch.WaitAsync(TestService.Patience))).Message, StringComparison.Ordinal);
        }
    }

    private static async Task RedirectAsync(TcpListener listener, string location)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[1024], 1);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
