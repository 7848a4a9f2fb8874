using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>Goes on with the jobs of an earlier run when the server starts, and lays them down when it stops.</summary>
internal sealed class JobsStartup(LocalJobs jobs) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => jobs.StartAsync(goOn: true, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => jobs.DisposeAsync().AsTask();
}

internal static class JobsStartupExtensions
{
    public static void AddLocalJobs(this IServiceCollection services)
    {
        services.AddSingleton(provider => new LocalJobs(
            provider.GetRequiredService<FrontendOptions>().Data,
            provider.GetRequiredService<ISynthesis>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IJobs>(provider => provider.GetRequiredService<LocalJobs>());
        services.AddSingleton(provider => new JobIntake(
            LocalJobs.OrdersFolder(provider.GetRequiredService<FrontendOptions>().Data),
            provider.GetRequiredService<JobsOptions>(),
            provider.GetRequiredService<SynthesisOptions>(),
            provider.GetRequiredService<IVoices>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<JobsStartup>();
    }
}
