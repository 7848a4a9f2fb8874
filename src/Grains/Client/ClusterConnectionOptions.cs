namespace CosyOrleans.Grains.Client;

/// <summary>Which cluster to speak to.</summary>
/// <param name="ConnectionString">Of the PostgreSQL database in which its silos enter themselves.</param>
/// <param name="ClusterId">As the silos have it.</param>
/// <param name="ServiceId">As the silos have it.</param>
public sealed record ClusterConnectionOptions(string ConnectionString, string ClusterId, string ServiceId);
