using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Placement;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Synthesis;
using Orleans.Runtime.Hosting;

namespace CosyOrleans.Grains;

public static class GrainsSiloBuilderExtensions
{
    /// <summary>
    /// What the grains need of a silo beyond clustering, storage and reminders. The silo brings
    /// <see cref="Service.Nodes.Devices"/> and <see cref="TimeProvider"/> as singletons.
    /// </summary>
    public static ISiloBuilder AddSpeechGrains(this ISiloBuilder silo, FailoverOptions failover)
    {
        silo.AddPlacementDirector<OwnedBySilo, OwnedBySiloPlacementDirector>();
        silo.AddGrainDirectory(OwnerGrainDirectory.Name, (_, _) => new OwnerGrainDirectory());
        silo.Services.AddSingleton(failover);
        silo.Services.AddClusterSynthesis();
        silo.Services.AddHostedService<SiloNodes>();
        return silo;
    }
}
