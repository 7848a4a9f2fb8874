using System.Net;
using System.Net.Sockets;
using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Tests.Jobs;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Hosting;

namespace CosyOrleans.Grains.Tests;

/// <summary>Silos that talk over real sockets, and a frontend's side of them, in this process.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestSilo> _silos = [];
    private IHost? _frontend;

    public IReadOnlyList<TestSilo> Silos => _silos;

    public IServiceProvider Frontend => _frontend!.Services;

    public ISynthesis Synthesis => Frontend.GetRequiredService<ISynthesis>();

    public static async Task<TestCluster> StartAsync(
        int silos, SynthesisOptions? options = null, FailoverOptions? failover = null, TestJobs? jobs = null,
        IReadOnlyList<(string Name, Func<ILoadedModel> Load)>? devices = null)
    {
        var cluster = new TestCluster();
        var id = Guid.NewGuid().ToString("N");
        var ports = FreePorts(2 * silos);
        for (var i = 0; i < silos; i++)
        {
            cluster._silos.Add(await TestSilo.StartAsync($"silo-{i}", ports[2 * i], ports[(2 * i) + 1], ports[0], id, options, jobs, devices));
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddLogging();
        var gateway = new IPEndPoint(IPAddress.Loopback, ports[1]);
        builder.Services.AddClusterService(
            new ClusterConnectionOptions("none", id, id),
            failover ?? new FailoverOptions(),
            jobs?.Data ?? "none",
            client => client.UseStaticClustering(gateway));
        cluster._frontend = builder.Build();
        await cluster._frontend.StartAsync();
        var directory = cluster.Frontend.GetRequiredService<WorkerDirectory>();
        await Eventually.Async(() => directory.Workers.Count(worker => worker.IsAvailable) == silos * (devices?.Count ?? 1), "all workers are available");
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await _frontend!.StopAsync();
        _frontend.Dispose();
        foreach (var silo in Enumerable.Reverse(_silos))
        {
            await silo.DisposeAsync();
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners)
        {
            listener.Stop();
        }

        return ports;
    }
}
