using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Routing;

/// <summary>The silos as one of them sees the others, for speech that is asked for inside the cluster.</summary>
internal sealed class SiloNodes(
    IClusterMembershipService membership, IGrainFactory grains, WorkerDirectory directory, TimeProvider time, ILogger<SiloNodes> logger)
    : BackgroundService
{
    private readonly Dictionary<SiloAddress, CancellationTokenSource> _watched = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            foreach (var member in snapshot.Members.Values)
            {
                Follow(member, stoppingToken);
            }
        }
    }

    private void Follow(ClusterMember member, CancellationToken stoppingToken)
    {
        if (member.Status == SiloStatus.Active && !_watched.ContainsKey(member.SiloAddress))
        {
            var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _watched.Add(member.SiloAddress, lost);
            _ = Task.Run(() => new NodeWatch(member.Name, grains, directory, time, logger).RunAsync(lost.Token), CancellationToken.None);
        }
        else if (member.Status == SiloStatus.Dead && _watched.Remove(member.SiloAddress, out var watch))
        {
            watch.Cancel();
        }
    }
}
