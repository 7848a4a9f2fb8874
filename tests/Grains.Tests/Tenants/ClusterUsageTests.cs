using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Tenants;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Grains.Tests.Tenants;

public sealed class ClusterUsageTests(ClusterUsageTests.OneSilo cluster) : UsagePortTests, IClassFixture<ClusterUsageTests.OneSilo>
{
    public sealed class OneSilo : IAsyncLifetime
    {
        internal TestCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Cluster = await TestCluster.StartAsync(1);
            await Eventually.Async(() => Cluster.Frontend.GetRequiredService<ClusterConnection>().Grains is not null, "the frontend is connected");
        }

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }

    protected override IUsage Usage => cluster.Cluster.Frontend.GetRequiredService<IUsage>();

    [Fact]
    public async Task Frontends_OfOneCluster_ShareWhatAKeyAllows()
    {
        var (one, other) = (Another(), Another());
        var key = Key(new KeyLimits(RequestsPerMinute: 2, AudioMinutesPerDay: 1, Concurrent: 2));
        Assert.Null(await one.TakeRequestAsync(key, default));
        Assert.Null(await other.TakeRequestAsync(key, default));
        Assert.Equal(UsageLimit.RequestsPerMinute, (await other.TakeRequestAsync(key, default))?.Limit);

        Assert.Null(await one.BeginSpeechAsync(key, default));
        Assert.Null(await other.BeginSpeechAsync(key, default));
        Assert.Equal(UsageLimit.Concurrent, (await other.BeginSpeechAsync(key, default))?.Limit);
        Assert.Equal(UsageLimit.Concurrent, (await one.BeginSpeechAsync(key, default))?.Limit);

        one.Produced(key, 30);
        other.Produced(key, 30);
        other.EndSpeech(key);
        await one.ReportAsync(default);
        await other.ReportAsync(default);
        Assert.Equal(UsageLimit.AudioMinutesPerDay, (await other.BeginSpeechAsync(key, default))?.Limit);
    }

    [Fact]
    public async Task Grain_MovedElsewhere_KnowsTheSoundOfTheDay()
    {
        var other = Another();
        var key = Key(new KeyLimits(AudioMinutesPerDay: 1));
        other.Produced(key, 60);
        await other.ReportAsync(default);

        await cluster.Cluster.Frontend.GetRequiredService<ClusterConnection>().Require().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        Assert.Equal(UsageLimit.AudioMinutesPerDay, (await Another().BeginSpeechAsync(key, default))?.Limit);
    }

    [Fact]
    public async Task Frontend_ThatReachesNoGrain_GoesByWhatItSaw()
    {
        await using var lonely = await TestCluster.StartAsync(1);
        var usage = lonely.Frontend.GetRequiredService<ClusterUsage>();
        var connection = lonely.Frontend.GetRequiredService<ClusterConnection>();
        await Eventually.Async(() => connection.Grains is not null, "the frontend is connected");
        var key = Key(new KeyLimits(RequestsPerMinute: 3, AudioMinutesPerDay: 1, Concurrent: 2));
        Assert.Null(await usage.TakeRequestAsync(key, default));
        Assert.Null(await usage.BeginSpeechAsync(key, default));
        await lonely.Silos[0].KillAsync();

        var asked = TimeProvider.System.GetTimestamp();
        Assert.Null(await usage.TakeRequestAsync(key, default));
        Assert.Null(await usage.TakeRequestAsync(key, default));
        Assert.Equal(UsageLimit.RequestsPerMinute, (await usage.TakeRequestAsync(key, default))?.Limit);
        Assert.Null(await usage.BeginSpeechAsync(key, default));
        Assert.Equal(UsageLimit.Concurrent, (await usage.BeginSpeechAsync(key, default))?.Limit);
        usage.Produced(key, 60);
        Assert.Equal(UsageLimit.AudioMinutesPerDay, (await usage.BeginSpeechAsync(key, default))?.Limit);

        // Six questions of 200 ms would be 1.2 s: it was not asked each time.
        Assert.True(TimeProvider.System.GetElapsedTime(asked) < TimeSpan.FromSeconds(1));
    }

    private ClusterUsage Another() => new(() => cluster.Cluster.Frontend.GetRequiredService<ClusterConnection>().Grains, TimeProvider.System, NullLogger<ClusterUsage>.Instance, patience: TimeSpan.FromSeconds(30));
}
