using CosyOrleans.Faults;
using CosyOrleans.Grains.Client;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Bench;

/// <summary>The ports of a cluster in this process, as a frontend has them.</summary>
internal sealed class ClusterService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IHost _host;

    private ClusterService(IHost host) => _host = host;

    public ISynthesis Synthesis => _host.Services.GetRequiredService<ISynthesis>();

    public IJobs Jobs => _host.Services.GetRequiredService<IJobs>();

    public IVoices Voices => _host.Services.GetRequiredService<IVoices>();

    /// <summary>Completes when so many silos are ready.</summary>
    public static async Task<ClusterService> ConnectAsync(FaultCluster cluster, int silos)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddClusterService(new ClusterConnectionOptions(cluster.Connection, "cosy", "cosy"), new FailoverOptions(), cluster.Data);
        var host = builder.Build();
        await host.StartAsync();
        var service = new ClusterService(host);
        await service.WhenReadyAsync(silos);
        return service;
    }

    public async Task WhenReadyAsync(int silos)
    {
        var nodes = _host.Services.GetRequiredService<INodes>();
        using var patience = new CancellationTokenSource(Patience);
        while ((await nodes.ListAsync(patience.Token)).Count(node => node.State == NodeState.Ready) < silos)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
