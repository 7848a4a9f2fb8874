using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Frontend.Access;

/// <summary>Keeps the usage of this process on the disk, every few seconds and when it ends.</summary>
internal sealed class UsageWriter(LocalUsage usage, TimeProvider time) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        usage.Read();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        usage.Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LocalUsage.BetweenWrites, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            usage.Write();
        }
    }
}
