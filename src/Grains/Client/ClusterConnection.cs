using CosyOrleans.Service.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CosyOrleans.Grains.Client;

/// <summary>
/// The way to the cluster for everything but speech: found through the database, kept up by Orleans over the loss of
/// silos and of the database. Connects in the background, however long it takes.
/// </summary>
/// <param name="findSilos">How: in production by <see cref="FindSilosInDatabase"/>.</param>
public sealed partial class ClusterConnection(
    ClusterConnectionOptions options, Action<IClientBuilder> findSilos, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger<ClusterConnection>();
    private volatile ClientHost? _host;

    /// <summary>Silos enter themselves into the database, and clients look there.</summary>
    public static Action<IClientBuilder> FindSilosInDatabase(ClusterConnectionOptions options) => client =>
    {
        client.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = "Npgsql";
            clustering.ConnectionString = options.ConnectionString;
        });
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
    };

    /// <summary>Null until a silo has answered for the first time.</summary>
    public IGrainFactory? Grains => _host?.Client;

    /// <exception cref="SpeechException">No silo has answered yet.</exception>
    public IGrainFactory Require() => Grains ?? throw new SpeechException(
        SpeechErrorKind.NotReady,
        SpeechErrorCodes.NotReady,
        "This frontend has not reached its cluster yet.",
        "Ask again in a few seconds. Whoever runs the cluster finds out more with ./cosy cluster status.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_host is null)
        {
            try
            {
                _host = await ClientHost.ConnectAsync(options, findSilos, loggers, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnreachable(e.Message);
                await Task.Delay(AgainAfter, time, stoppingToken);
            }
        }

        LogConnected(options.ClusterId);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_host is { } host)
        {
            await host.DisposeAsync();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster cannot be reached yet: {Reason}")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(2, LogLevel.Information, "Connected to cluster {ClusterId}")]
    private partial void LogConnected(string clusterId);
}
