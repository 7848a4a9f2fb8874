using System.Net;
using CosyOrleans.Cli;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Faults.Tests;

/// <summary>Two silos with so many voices that each has grains of some of them.</summary>
public sealed class SavedVoices : IAsyncLifetime
{
    private FaultCluster? _cluster;

    public static string[] Ids { get; } = [.. Enumerable.Range(0, 12).Select(i => $"v{i}")];

    internal FaultCluster Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.FindBinaries() is null)
        {
            return; // The tests are skipped.
        }

        _cluster = await FaultCluster.StartAsync(silos: 2);
        var file = await File.ReadAllBytesAsync(Path.Combine(DefaultModel.Find()!, "spk2info.pt"));
        foreach (var id in Ids)
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(file), "file", "spk2info.pt" }, { new StringContent("amy"), "voice" }, { new StringContent(id), "id" },
            };
            using var saved = await _cluster.Client.PostAsync("/v1/audio/voices", form);
            Assert.Equal(HttpStatusCode.Created, saved.StatusCode);
        }
    }

    public async Task DisposeAsync() => await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
}
