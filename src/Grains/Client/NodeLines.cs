using System.Collections.Concurrent;
using CosyOrleans.Grains.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Client;

/// <summary>
/// A line to every silo, for speech: a client of its own for each. An ordinary client sends a call through any silo, so
/// one that dies or freezes takes with it speech that another makes; here a silo's line carries nothing but its own, its
/// breaking is the silo's, and a call needs no detour.
/// </summary>
internal sealed partial class NodeLines(
    ClusterConnection cluster, ClusterConnectionOptions options, WorkerDirectory directory, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger<NodeLines>();
    private readonly ConcurrentDictionary<SiloAddress, NodeLine> _lines = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (await MembersAsync(stoppingToken) is { } members)
            {
                Follow(members, stoppingToken);
            }
        }
    }

    private void Follow(MembershipEntry[] members, CancellationToken stoppingToken)
    {
        foreach (var member in members.Where(member => member is { Status: SiloStatus.Active, ProxyPort: > 0 }))
        {
            if (!_lines.ContainsKey(member.SiloAddress))
            {
                var line = new NodeLine(member, options, directory, time, loggers, stoppingToken);
                _lines[member.SiloAddress] = line;
                _ = ForgetWhenClosedAsync(line);
            }
        }

        foreach (var dead in members.Where(member => member.Status == SiloStatus.Dead))
        {
            if (_lines.TryGetValue(dead.SiloAddress, out var line))
            {
                line.Cut();
            }
        }
    }

    private async Task ForgetWhenClosedAsync(NodeLine line)
    {
        await line.Closed;
        _lines.TryRemove(KeyValuePair.Create(line.Silo, line));
    }

    /// <summary>The members, from whichever silo answers; null when none does, and what is known stays.</summary>
    private async Task<MembershipEntry[]?> MembersAsync(CancellationToken stoppingToken)
    {
        foreach (var grains in _lines.Values.Select(line => line.Grains).Append(cluster.Grains).OfType<IGrainFactory>())
        {
            try
            {
                return await grains.GetGrain<IManagementGrain>(0).GetDetailedHosts().WaitAsync(Patience, time, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNoAnswer(e.Message);
            }
        }

        return null;
    }

    [LoggerMessage(1, LogLevel.Warning, "A silo does not say who is in the cluster: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
