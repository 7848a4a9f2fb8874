using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Service.Webhooks;

/// <summary>
/// Makes single calls. Names are resolved once, every address is checked, and the connection goes to one that was: a name that
/// means something else a moment later changes nothing. Redirections are not followed, and no proxy is asked.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeptOpen = TimeSpan.FromMinutes(1);

    private readonly JobsOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookSender(JobsOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = ConnectLimit, PooledConnectionLifetime = KeptOpen,
            MaxResponseHeadersLength = 16, ConnectCallback = ConnectAsync,
        };
        _client = new HttpClient(handler) { Timeout = Limit };
    }

    /// <summary>Why it was not taken, as the end of a sentence; null when it was.</summary>
    internal async Task<string?> SendAsync(WebhookPlan plan, WebhookBody body, CancellationToken cancellationToken)
    {
        // What may be told can have changed since it was ordered.
        if (WebhookTarget.WhyNot(plan.Url, _options) is { } problem)
        {
            return problem.TrimEnd('.');
        }

        var json = body.ToJson();
        var timestamp = WebhookSignature.Timestamp(_time);
        using var request = new HttpRequestMessage(HttpMethod.Post, plan.Url) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, body.Id);
        request.Headers.Add(WebhookSignature.TimeHeader, timestamp);
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(plan.Secret, timestamp, json));
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"the receiver answered {((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)}";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is ForbiddenAddressException forbidden ? forbidden.Message : $"the receiver cannot be reached ({e.HttpRequestError})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the receiver did not answer within {Limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds";
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        // One closed address among open ones is a trap as well.
        if (addresses.Length == 0 || !addresses.All(address => WebhookTarget.MayReach(address, _options)))
        {
            throw new ForbiddenAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class ForbiddenAddressException() : IOException("the receiver's name leads to an address of a private network, or to none");
}
