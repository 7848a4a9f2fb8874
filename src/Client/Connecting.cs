using System.Net;
using System.Net.Sockets;

namespace CosyOrleans.Client;

/// <summary>Connections whose making is timed stage by stage.</summary>
internal static class Connecting
{
    public static SocketsHttpHandler Handler(SpeechClientOptions options) => new()
    {
        ConnectCallback = ConnectAsync,
        PlaintextStreamFilter = BeginAsync,
        ConnectTimeout = options.DnsLimit + options.ConnectLimit + options.TlsLimit,
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var clock = StageClock.Of(context.InitialRequestMessage);
        clock?.Enter(SpeechStage.Dns);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        clock?.Enter(SpeechStage.Connect);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        clock?.Enter(SpeechStage.Tls); // Without encryption it is over at once.
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static ValueTask<Stream> BeginAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        StageClock.Of(context.InitialRequestMessage)?.Enter(SpeechStage.FirstPacket);
        return new(context.PlaintextStream);
    }
}
