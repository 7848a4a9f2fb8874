using CosyOrleans.Grains.Tests.Jobs;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Jobs;
using CosyOrleans.Service.Tests.Ports;

namespace CosyOrleans.Grains.Tests.Tenants;

/// <summary>The silos, which speak the jobs, and the frontend, which is asked for speech, know the same of a key.</summary>
public sealed class ClusterJobChargeTests : JobChargePortTests
{
    private TestCluster _cluster = null!;

    private protected override IJobs All => _cluster.Frontend.GetRequiredService<IJobs>();

    private protected override IUsage Usage => _cluster.Frontend.GetRequiredService<IUsage>();

    private protected override async Task StartAsync() =>
        _cluster = await TestCluster.StartAsync(1, jobs: new TestJobs(Data, new KeptStates(), Synthesis, new HurriedTime()));

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }
}
