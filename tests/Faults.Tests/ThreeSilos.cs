using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Faults.Tests;

/// <summary>A cluster that is as it was again after each fault, and what its audience hears without one.</summary>
public sealed class ThreeSilos : IAsyncLifetime
{
    private const int Silos = 3;

    private FaultCluster? _cluster;
    private Listener[]? _undisturbed;

    public async Task InitializeAsync()
    {
        if (PostgresServer.FindBinaries() is not null)
        {
            // Everybody has a place as long as all silos are there, and some have to wait for one when they are not.
            _cluster = await FaultCluster.StartAsync(
                Silos, settings: new Dictionary<string, string> { ["Synthesis__MaxRunning"] = $"{Audience.Size / Silos}" });
        }
    }

    public async Task DisposeAsync() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);

    /// <summary>With every process running and reached, whatever the test before has left.</summary>
    internal async Task<FaultCluster> ReadyAsync()
    {
        _cluster!.ThawAll();
        await _cluster.WhenReadyAsync();
        return _cluster;
    }

    internal async Task<Listener[]> UndisturbedAsync() => _undisturbed ??= await Audience.ListenAsync(await ReadyAsync(), "undisturbed");
}

/// <summary>One cluster for all that need no other.</summary>
[CollectionDefinition(nameof(ThreeSilos))]
public sealed class ThreeSilosCollection : ICollectionFixture<ThreeSilos>;
