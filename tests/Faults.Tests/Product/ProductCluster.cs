using System.Runtime.CompilerServices;
using CosyOrleans.Cli.Cluster;
using CosyOrleans.Cli.Tests;

namespace CosyOrleans.Faults.Product;

/// <summary>
/// Three silos, a frontend with a cache and a database; and beside them a server that does everything in one process, whose
/// sounds are those that the cluster must make.
/// </summary>
public sealed class ProductCluster : IAsyncLifetime
{
    private readonly CosyProcess _folder = new();
    private FaultCluster? _cluster;
    private ServerProcess? _single;

    /// <summary>One person's speech, long enough to make a voice of it.</summary>
    public static string Recording => Fixture("model_v3/prompt.wav");

    /// <summary>A file with the voices of <see cref="Model"/>.</summary>
    public static string Voices => Path.Combine(Model, "spk2info.pt");

    internal FaultCluster Cluster => _cluster!;

    internal Uri Address => Cluster.Client.BaseAddress!;

    /// <summary>Of the server in one process.</summary>
    internal Uri Single => new(_single!.Address);

    // A small one that can make voices from recordings.
    private static string Model => Fixture("model_v3/model");

    public async Task InitializeAsync()
    {
        if (PostgresServer.FindBinaries() is null)
        {
            return; // The tests are skipped.
        }

        _cluster = await FaultCluster.StartAsync(silos: 3, model: Model, settings: new Dictionary<string, string>
        {
            ["Cache__Megabytes"] = "64", ["Jobs__PrivateWebhooks"] = "true", ["Jobs__PlainWebhooks"] = "true",
        });
        _single = await ServerProcess.StartAsync(_folder, ["--model", Model, "--data", _folder.File("data")]);
    }

    public async Task DisposeAsync()
    {
        _single?.Dispose();
        _folder.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static string Fixture(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../fixtures", name));
}

/// <summary>One cluster for all that need no other.</summary>
[CollectionDefinition(nameof(ProductCluster))]
public sealed class ProductClusterCollection : ICollectionFixture<ProductCluster>;
