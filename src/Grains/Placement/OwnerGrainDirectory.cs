using Orleans.GrainDirectory;

namespace CosyOrleans.Grains.Placement;

/// <summary>
/// The directory of grains that are <see cref="OwnedBySilo"/>: placement computes where they are, so there is nothing to
/// write down. The default directory spreads its entries over all silos; with it the loss of any silo would end the
/// activations whose entries it happened to hold, in the middle of what they are saying.
/// </summary>
internal sealed class OwnerGrainDirectory : IGrainDirectory
{
    public const string Name = "owner";

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
