using Orleans.Runtime.Placement;

namespace CosyOrleans.Grains.Placement;

internal sealed class OwnedBySiloPlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = OwnedBySilo.SiloName(target.GrainIdentity.Key.ToString()!);
        // A silo that was started again under its name is another member; the newest is the living one.
        var owner = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Name == name && member.Status == SiloStatus.Active)
            .MaxBy(member => member.SiloAddress.Generation);
        return owner is not null
            ? Task.FromResult(owner.SiloAddress)
            : throw new SiloUnavailableException($"No silo named {name} is active, and {target.GrainIdentity} can be on no other.");
    }
}
