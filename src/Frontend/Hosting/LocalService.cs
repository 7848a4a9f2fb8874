using System.Diagnostics.Metrics;
using CosyOrleans.Frontend.Access;
using CosyOrleans.Frontend.Jobs;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>The ports, answered by this process.</summary>
internal static class LocalService
{
    public static void AddSettings(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings.Frontend);
        services.AddSingleton(settings.Synthesis);
        services.AddSingleton(settings.Jobs);
        services.AddSingleton(settings.Sockets);
        services.AddSingleton(settings.Device);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new AudioEncoders(settings.Formats, TimeProvider.System));
    }

    public static void AddLocalService(this IServiceCollection services)
    {
        services.AddSingleton<Func<ILoadedModel>>(provider =>
        {
            var options = provider.GetRequiredService<FrontendOptions>();
            var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
            var synthesis = provider.GetRequiredService<SynthesisOptions>();
            var device = provider.GetRequiredService<DeviceOptions>();
            return () => EngineModel.Load(options.Model, threads, synthesis.MaxRunning, synthesis.Reading, options.Device, device);
        });
        services.AddSingleton(provider => new DeviceHost(
            provider.GetRequiredService<FrontendOptions>().Device,
            provider.GetRequiredService<Func<ILoadedModel>>(),
            provider.GetRequiredService<SynthesisOptions>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<VoiceShelf>()));
        services.AddSingleton(provider => provider.GetRequiredService<DeviceHost>().Synthesis);
        services.AddSingleton(provider => VoiceFolder.Open(
            provider.GetRequiredService<FrontendOptions>().Data,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VoiceFolder>>()));
        services.AddSingleton(provider => new VoiceShelf(provider.GetRequiredService<VoiceFolder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IVoices>(provider => new LocalVoices(
            provider.GetRequiredService<DeviceHost>().Model, provider.GetRequiredService<VoiceFolder>()));
        services.AddSingleton<INodes, LocalNodes>();
        services.AddLocalJobs();
        services.AddJobIntake();
        services.AddLocalUsage();
        services.AddSingleton<ModelStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelStartup>());
    }
}
