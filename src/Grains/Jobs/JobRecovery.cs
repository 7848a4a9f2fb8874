using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// Takes care of jobs whose silo is gone, sooner than their reminders would: when a silo dies, and when this one has
/// started, every job that should be running is looked at. All silos do so, which does no harm.
/// </summary>
internal sealed partial class JobRecovery(
    IClusterMembershipService membership, ILocalSiloDetails silo, IGrainFactory grains, TimeProvider time, ILogger<JobRecovery> logger)
    : BackgroundService
{
    private const int Attempts = 10;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly HashSet<SiloAddress> _dead = [];
    private bool _started;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var isMember = snapshot.Members.TryGetValue(silo.SiloAddress, out var self) && self.Status == SiloStatus.Active;
            var deaths = snapshot.Members.Values.Count(member => member.Status == SiloStatus.Dead && _dead.Add(member.SiloAddress));
            if (isMember && (deaths > 0 || !_started))
            {
                _started = true;
                _ = Task.Run(() => RecoverAsync(stoppingToken), CancellationToken.None);
            }
        }
    }

    private async Task RecoverAsync(CancellationToken stoppingToken)
    {
        // For a moment the cluster may still look for grains where they were.
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                foreach (var id in await grains.GetJobIndex().Running())
                {
                    await grains.GetGrain<IBatchJobGrain>(id).GoOn();
                }

                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e.Message, attempt);
            }

            try
            {
                await Task.Delay(BetweenAttempts, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Jobs cannot be looked after yet (attempt {Attempt}): {Reason}")]
    private partial void LogLater(string reason, int attempt);
}
