using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>Goes on with the jobs of an earlier run when the server starts, and lays them down when it stops.</summary>
internal sealed class JobsStartup(LocalJobs jobs) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => jobs.StartAsync(goOn: true, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken) => await jobs.DisposeAsync();
}

internal static class JobsStartupExtensions
{
    public static void AddLocalJobs(this IServiceCollection services)
    {
        services.AddSingleton(provider => new LocalJobs(
            provider.GetRequiredService<FrontendOptions>().Data,
            provider.GetRequiredService<DeviceHost>().Synthesis, // Of nobody in particular: a job knows whose it is.
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            encoders: provider.GetRequiredService<AudioEncoders>(),
            options: provider.GetRequiredService<JobsOptions>(),
            charges: provider.GetRequiredService<JobCharges>()));
        services.AddSingleton<IJobs>(provider => provider.GetRequiredService<LocalJobs>());
        services.AddHostedService<JobsStartup>();
    }

    public static void AddJobIntake(this IServiceCollection services) =>
        services.AddScoped(provider => new JobIntake(
            LocalJobs.OrdersFolder(provider.GetRequiredService<FrontendOptions>().Data),
            provider.GetRequiredService<JobsOptions>(),
            provider.GetRequiredService<SynthesisOptions>(),
            provider.GetRequiredService<IVoices>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<FrontendOptions>().Cluster ? null : provider.GetRequiredService<AudioEncoders>()));
}
