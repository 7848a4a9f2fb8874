using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Jobs;
using CosyOrleans.Grains.Placement;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Synthesis;
using Orleans.Runtime.Hosting;

namespace CosyOrleans.Grains;

public static class GrainsSiloBuilderExtensions
{
    /// <summary>
    /// What the grains need of a silo beyond clustering, storage and reminders. The silo brings
    /// <see cref="Service.Nodes.Devices"/>, <see cref="JobGrainOptions"/> and <see cref="TimeProvider"/> as singletons, and a
    /// storage provider named <see cref="JobGrainOptions.Storage"/>.
    /// </summary>
    public static ISiloBuilder AddSpeechGrains(this ISiloBuilder silo, FailoverOptions failover)
    {
        silo.AddPlacementDirector<OwnedBySilo, OwnedBySiloPlacementDirector>();
        silo.AddGrainDirectory(OwnerGrainDirectory.Name, (_, _) => new OwnerGrainDirectory());
        silo.Services.AddSingleton(failover);
        silo.Services.AddClusterSynthesis();
        silo.Services.AddHostedService<SiloNodes>();
        silo.Services.AddHostedService<JobRecovery>();
        return silo;
    }
}
