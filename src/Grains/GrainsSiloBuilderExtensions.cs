using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Jobs;
using CosyOrleans.Grains.Placement;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Voices;
using CosyOrleans.Service.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Hosting;

namespace CosyOrleans.Grains;

public static class GrainsSiloBuilderExtensions
{
    /// <summary>
    /// What the grains need of a silo beyond clustering, reminders and storage (<see cref="VoiceStorage.Name"/> and
    /// <see cref="JobGrainOptions.Storage"/>). The silo brings <see cref="Service.Nodes.Devices"/>, with the
    /// <see cref="VoiceShelf"/> that is added here, <see cref="JobGrainOptions"/> and <see cref="TimeProvider"/> as singletons.
    /// </summary>
    public static ISiloBuilder AddSpeechGrains(this ISiloBuilder silo, FailoverOptions failover)
    {
        silo.AddPlacementDirector<OwnedBySilo, OwnedBySiloPlacementDirector>();
        silo.AddGrainDirectory(OwnerGrainDirectory.Name, (_, _) => new OwnerGrainDirectory());
        silo.Services.AddSingleton(failover);
        silo.Services.AddClusterSynthesis();
        silo.Services.TryAddSingleton<FormatOptions>();
        silo.Services.AddSingleton(provider => new AudioEncoders(provider.GetRequiredService<FormatOptions>(), provider.GetRequiredService<TimeProvider>()));
        silo.Services.TryAddSingleton<JobsOptions>();
        silo.Services.AddSingleton(provider => new WebhookSender(provider.GetRequiredService<JobsOptions>(), provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton(provider => new KeyFile(provider.GetRequiredService<JobGrainOptions>().DataFolder, provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<KeyRing>();
        silo.Services.AddClusterUsage(provider => provider.GetRequiredService<IGrainFactory>());
        silo.Services.AddSingleton<JobCharges>();
        silo.Services.AddHostedService<SiloNodes>();
        silo.Services.AddHostedService<JobRecovery>();
        silo.Services.AddSingleton<StoredVoices>();
        silo.Services.AddSingleton<IVoiceSource, GrainVoices>();
        silo.Services.AddSingleton(provider => new VoiceShelf(provider.GetRequiredService<IVoiceSource>(), provider.GetRequiredService<TimeProvider>()));
        return silo;
    }
}
