using CosyOrleans.Grains.Placement;
using CosyOrleans.Service.Nodes;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace CosyOrleans.Grains.Workers;

[OwnedBySilo, GrainDirectory(OwnerGrainDirectory.Name), Immovable, KeepAlive]
public sealed class NodeGrain(Devices devices, ILocalSiloDetails silo) : Grain, INodeGrain
{
    public ValueTask<NodeReport> GetReport() =>
        new(new NodeReport(silo.Name, [.. devices.All.Select(device => WorkerStatus.Of(silo.Name, device))]));

    public ValueTask SetDraining(bool draining)
    {
        devices.SetDraining(draining);
        return default;
    }
}
