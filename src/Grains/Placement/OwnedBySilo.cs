using Orleans.Placement;

namespace CosyOrleans.Grains.Placement;

/// <summary>
/// The grain lives on the silo whose name its key begins with, "name" or "name/device", and nowhere else: what it stands
/// for is a thing of that machine.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OwnedBySiloAttribute() : PlacementAttribute(new OwnedBySilo());

/// <inheritdoc cref="OwnedBySiloAttribute"/>
[Serializable, GenerateSerializer, Immutable]
public sealed class OwnedBySilo : PlacementStrategy
{
    /// <summary>The silo that owns the grain with this key.</summary>
    public static string SiloName(string key) => key.IndexOf('/', StringComparison.Ordinal) is >= 0 and var end ? key[..end] : key;
}
