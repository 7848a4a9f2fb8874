using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CosyOrleans.Grains.Client;

/// <summary>An Orleans client with a life of its own, so that a process can have several, and start before any can connect.</summary>
internal sealed class ClientHost : IAsyncDisposable
{
    // Speech does not wait for this: it watches its own clock. For calls about voices and jobs it is the upper bound.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private readonly IHost _host;
    private readonly CancellationTokenSource _lost = new();

    private ClientHost(IHost host)
    {
        _host = host;
        Client = host.Services.GetRequiredService<IClusterClient>();
        Lost = _lost.Token;
    }

    public IClusterClient Client { get; }

    /// <summary>Cancelled when the last connection of this client is gone.</summary>
    public CancellationToken Lost { get; }

    /// <exception cref="Exception">Nobody answers.</exception>
    public static async Task<ClientHost> ConnectAsync(
        ClusterConnectionOptions options, Action<IClientBuilder> configure, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ClientHost? connected = null;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(loggers);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            client.AddClusterConnectionLostHandler((_, _) => connected?.OnLost());
            configure(client);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return connected = new ClientHost(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        OnLost();
        try
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // There is nothing to wait for.
        }

        _host.Dispose();
    }

    private void OnLost() => _lost.Cancel();
}
