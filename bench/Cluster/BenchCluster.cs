using CosyOrleans.Faults;

namespace CosyOrleans.Bench;

/// <summary>A cluster of real processes whose silos have a <see cref="PacedModel"/>: this program is their silo.</summary>
internal static class BenchCluster
{
    public static Task<FaultCluster> StartAsync(int silos) => FaultCluster.StartAsync(silos, typeof(BenchCluster).Assembly.Location);
}
