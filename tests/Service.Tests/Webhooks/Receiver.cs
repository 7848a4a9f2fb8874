using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CosyOrleans.Service.Tests.Webhooks;

/// <summary>A server that is told things, on this machine.</summary>
public sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SemaphoreSlim _came = new(0);

    public Receiver()
    {
        // Of several tries one is free still when it is listened on.
        for (var attempt = 0; !_listener.IsListening; attempt++)
        {
            try
            {
                Url = $"http://127.0.0.1:{FreePort()}/told/";
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add(Url);
                _listener.Start();
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody was quicker.
            }
        }

        _ = ListenAsync();
    }

    public string Url { get; private set; } = "";

    /// <summary>Given how many calls came before, the status to answer.</summary>
    public Func<int, int> Answer { get; set; } = _ => 204;

    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>Completes when so many calls have come altogether.</summary>
    public async Task WhenAsync(int calls)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Calls.Count < calls)
        {
            await _came.WaitAsync(patience.Token);
        }
    }

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var status = Answer(Calls.Count);
                Calls.Enqueue(new Call(context.Request.Headers["Webhook-Id"]!, context.Request.Headers["Webhook-Timestamp"]!, context.Request.Headers["Webhook-Signature"]!, body.ToArray()));
                context.Response.StatusCode = status;
                context.Response.RedirectLocation = status == 302 ? Url : null;
                context.Response.Close();
                _came.Release();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.IsListening)
                {
                    return;
                }
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public sealed record Call(string Id, string Timestamp, string Signature, byte[] Body);
}
