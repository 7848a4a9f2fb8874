using CosyOrleans.Grains.Tests.Jobs;
using CosyOrleans.Grains.Tests.Voices;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Ports;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Tests.Tenants;

/// <summary>A tenant's catalogue in a cluster is like any other.</summary>
public sealed class TenantClusterVoicesTests(ClusterVoicesTests.TwoSilos cluster) : VoicesPortTests, IClassFixture<ClusterVoicesTests.TwoSilos>
{
    private readonly IVoices _all = cluster.Cluster.Frontend.GetRequiredService<IVoices>();

    protected override IVoices Voices => new TenantVoices(_all, new TenantScope("acme"));

    [Fact]
    public async Task Speak_WithTheSameId_EachTenantHearsItsOwnVoiceAndOthersTheSharedOne()
    {
        var id = TestVoices.NewId();
        await new TenantVoices(_all, TenantScope.Shared).SaveAsync(TestVoices.Plain(id, 3), default);
        await Voices.SaveAsync(TestVoices.Plain(id, 5), default);

        Assert.NotEqual(await SpeakAsync("acme", id), await SpeakAsync("bolt", id));
        Assert.Equal(await SpeakAsync(null, id), await SpeakAsync("bolt", id));
    }

    private async Task<short[]> SpeakAsync(string? tenant, string id)
    {
        var synthesis = new TenantSynthesis(cluster.Cluster.Synthesis, new TenantScope(tenant));
        await using var speech = await synthesis.SpeakAsync(new SpeakRequest { Text = "one two.", SpeakerId = id, Seed = 3 }, default);
        Assert.Equal(id, speech.Details.VoiceId);
        List<short> samples = [];
        await foreach (var frame in speech.Frames)
        {
            samples.AddRange(frame.Samples.ToArray());
        }

        return [.. samples];
    }
}

/// <summary>A tenant's jobs in a cluster are like any others.</summary>
public sealed class TenantClusterJobsTests : JobsPortTests
{
    private TestCluster _cluster = null!;

    private protected override IJobs Jobs => new TenantJobs(_cluster.Frontend.GetRequiredService<IJobs>(), new TenantScope("acme"));

    public override async Task InitializeAsync() =>
        _cluster = await TestCluster.StartAsync(1, jobs: new TestJobs(Data, new KeptStates(), Scripted, Time));

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }
}
