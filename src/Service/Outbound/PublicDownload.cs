using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Outbound;

/// <summary>
/// Fetches what an address given by somebody else names, from the public internet only. Each connection, of redirects too, goes to
/// an address that was looked at after the name was resolved, so that no name can change its mind in between.
/// </summary>
/// <param name="isAllowed">Which addresses may be connected to.</param>
/// <param name="limit">Of the whole fetch.</param>
public sealed class PublicDownload(Func<IPAddress, bool> isAllowed, TimeSpan limit, TimeProvider time) : IDisposable
{
    /// <summary>Fetches at the same time: each holds what it has fetched in memory.</summary>
    public const int MostAtOnce = 4;

    private const int MostRedirects = 3;
    private const int MaxUrlLength = 2048;

    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false, // It would resolve names for us.
        UseCookies = false,
        MaxAutomaticRedirections = MostRedirects,
        MaxResponseHeadersLength = 32,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, isAllowed, cancellationToken),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public PublicDownload(TimeProvider time)
        : this(PublicAddresses.Contains, TimeSpan.FromSeconds(20), time)
    {
    }

    /// <param name="maxBytes">What is larger is not fetched to its end.</param>
    /// <exception cref="SpeechException">It cannot be had, what the other side said is not told; or too many are under way.</exception>
    public async Task<byte[]> FetchAsync(string url, int maxBytes, CancellationToken cancellationToken)
    {
        var address = Check(url);
        if (!_places.Wait(0, CancellationToken.None))
        {
            throw Busy();
        }

        try
        {
            return await FetchAsync(address, maxBytes, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _places.Dispose();
    }

    private async Task<byte[]> FetchAsync(Uri address, int maxBytes, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(limit, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, end.Token);
        try
        {
            using var response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Failed($"The answer to the url is {(int)response.StatusCode}, not 200.");
            }

            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            return response.Content.Headers.ContentLength > maxBytes ? throw TooLarge(maxBytes) : await ReadAsync(body, maxBytes, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(string.Create(CultureInfo.InvariantCulture, $"What the url names did not arrive within {limit.TotalSeconds:0.#} seconds."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw e.InnerException as SpeechException ?? Failed("What the url names cannot be fetched.");
        }
    }

    private static Uri Check(string url) =>
        url.Length <= MaxUrlLength && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? address
            : throw Failed("The url is not an http or https address without user and password.");

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, Func<IPAddress, bool> isAllowed, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host.Host, cancellationToken);
        if (addresses.Length == 0 || !addresses.All(isAllowed))
        {
            throw Failed("The url leads to an address that is not on the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return []; // No such name, or an address that is none.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (var count = await body.ReadAsync(buffer, cancellationToken); count > 0; count = await body.ReadAsync(buffer, cancellationToken))
        {
            content.Write(buffer, 0, count);
            if (content.Length > maxBytes)
            {
                throw TooLarge(maxBytes);
            }
        }

        return content.ToArray();
    }

    private static SpeechException Busy() => new(
        SpeechErrorKind.Busy, SpeechErrorCodes.ServerBusy, $"{MostAtOnce} recordings are being fetched already.", "Ask again after the time in Retry-After.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private static SpeechException TooLarge(int maxBytes) => Failed($"What the url names is larger than {maxBytes} bytes.");

    private static SpeechException Failed(string message) => SpeechException.Invalid([new Violation(
        SpeechErrorCodes.RequestInvalid, message, "Give the address of a recording that anybody can fetch with GET, or send the recording itself to POST /v1/audio/voices.")]);
}
