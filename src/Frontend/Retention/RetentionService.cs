using CosyOrleans.Frontend.Access;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Retention;

namespace CosyOrleans.Frontend.Retention;

/// <summary>Looks now and then whether the daily sweep is due; of the frontends of a cluster one does it.</summary>
internal sealed class RetentionService(DailySweep sweep, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(DailySweep.BetweenLooks, time);
        do
        {
            await sweep.RunIfDueAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

internal static class RetentionSetup
{
    /// <summary>After <see cref="IJobs"/>.</summary>
    public static void AddRetention(this IServiceCollection services, RetentionOptions options)
    {
        services.AddSingleton(provider => new DailySweep(
            provider.GetRequiredService<FrontendOptions>().Data,
            TimeSpan.FromHours(provider.GetRequiredService<JobsOptions>().TemporaryHours),
            options,
            provider.GetRequiredKeyedService<IJobs>(TenantPorts.Whole),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DailySweep>>()));
        services.AddHostedService<RetentionService>();
    }
}
