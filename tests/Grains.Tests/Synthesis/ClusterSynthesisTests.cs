using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests.Ports;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>Two silos and a frontend.</summary>
public sealed class ClusterSynthesisTests : SynthesisPortTests
{
    protected override async Task<SpeakingBench> StartAsync(SynthesisOptions options)
    {
        var cluster = await TestCluster.StartAsync(2, options);
        return new SpeakingBench(
            cluster.Synthesis, cluster.Frontend.GetRequiredService<INodes>(), [.. cluster.Silos.Select(silo => silo.Model)], cluster.DisposeAsync);
    }
}
