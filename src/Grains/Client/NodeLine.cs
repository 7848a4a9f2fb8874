using System.Net;
using CosyOrleans.Grains.Routing;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Client;

/// <summary>The line to one silo, from connecting until it breaks.</summary>
internal sealed partial class NodeLine
{
    private readonly CancellationTokenSource _cut;
    private readonly ILogger _logger;
    private volatile ClientHost? _host;

    public NodeLine(
        MembershipEntry member,
        ClusterConnectionOptions options,
        WorkerDirectory directory,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken stoppingToken)
    {
        Silo = member.SiloAddress;
        _cut = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _logger = loggers.CreateLogger<NodeLine>();
        Closed = RunAsync(member, options, directory, time, loggers);
    }

    public SiloAddress Silo { get; }

    public IGrainFactory? Grains => _host?.Client;

    public Task Closed { get; }

    /// <summary>The silo is dead, even if its connection has not noticed.</summary>
    public void Cut() => _cut.Cancel();

    private async Task RunAsync(
        MembershipEntry member, ClusterConnectionOptions options, WorkerDirectory directory, TimeProvider time, ILoggerFactory loggers)
    {
        await Task.Yield();
        var gateway = new IPEndPoint(member.SiloAddress.Endpoint.Address, member.ProxyPort);
        try
        {
            await using var host = await ClientHost.ConnectAsync(options, client => client.UseStaticClustering(gateway), loggers, _cut.Token);
            _host = host;
            LogOpen(member.SiloName, gateway);
            using var lost = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, host.Lost);
            await new NodeWatch(member.SiloName, host.Client, directory, time, _logger).RunAsync(lost.Token);
            LogClosed(member.SiloName);
        }
        catch (Exception e)
        {
            if (!_cut.IsCancellationRequested)
            {
                LogFailed(member.SiloName, gateway, e.Message);
            }
        }
        finally
        {
            _host = null;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Line to silo {Silo} at {Gateway} is open")]
    private partial void LogOpen(string silo, IPEndPoint gateway);

    [LoggerMessage(2, LogLevel.Information, "Line to silo {Silo} is closed")]
    private partial void LogClosed(string silo);

    [LoggerMessage(3, LogLevel.Warning, "No line to silo {Silo} at {Gateway}: {Reason}")]
    private partial void LogFailed(string silo, IPEndPoint gateway, string reason);
}
