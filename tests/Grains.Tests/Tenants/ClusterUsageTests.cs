using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Tenants;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Ports;
using Microsoft.Extensions.Logging;
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
        var connection = lonely.Frontend.GetRequiredService<ClusterConnection>();
        await Eventually.Async(() => connection.Grains is not null, "the frontend is connected");
        var complaints = new Complaints();
        using var usage = new ClusterUsage(() => connection.Grains, new StillTime(), complaints);
        var key = Key(new KeyLimits(RequestsPerMinute: 3, AudioMinutesPerDay: 1, Concurrent: 2));
        Assert.Null(await usage.TakeRequestAsync(key, default));
        Assert.Null(await usage.BeginSpeechAsync(key, default));
        await lonely.Silos[0].KillAsync();

        Assert.Null(await usage.TakeRequestAsync(key, default));
        Assert.Null(await usage.TakeRequestAsync(key, default));
        Assert.Equal(UsageLimit.RequestsPerMinute, (await usage.TakeRequestAsync(key, default))?.Limit);
        Assert.Null(await usage.BeginSpeechAsync(key, default));
        Assert.Equal(UsageLimit.Concurrent, (await usage.BeginSpeechAsync(key, default))?.Limit);
        usage.Produced(key, 60);
        Assert.Equal(UsageLimit.AudioMinutesPerDay, (await usage.BeginSpeechAsync(key, default))?.Limit);

        // The grain was not waited for each time.
        Assert.Equal(1, complaints.Count);
    }

    private ClusterUsage Another() => new(() => cluster.Cluster.Frontend.GetRequiredService<ClusterConnection>().Grains, TimeProvider.System, NullLogger<ClusterUsage>.Instance, patience: TimeSpan.FromSeconds(30));

    /// <summary>Timers run, but no time passes that would restore trust in a grain that did not answer.</summary>
    private sealed class StillTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private sealed class Complaints : ILogger<ClusterUsage>
    {
        private int _count;

        public int Count => _count;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _count);
    }
}
