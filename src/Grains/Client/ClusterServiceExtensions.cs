using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Synthesis;
using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Client;

public static class ClusterServiceExtensions
{
    /// <summary>The ports, answered by a cluster.</summary>
    /// <param name="findSilos">Null: through the database.</param>
    public static void AddClusterService(
        this IServiceCollection services, ClusterConnectionOptions options, FailoverOptions failover, Action<IClientBuilder>? findSilos = null)
    {
        services.AddSingleton(options);
        services.AddSingleton(failover);
        services.AddSingleton(findSilos ?? ClusterConnection.FindSilosInDatabase(options));
        services.AddSingleton<ClusterConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterConnection>());
        services.AddHostedService<NodeLines>();
        services.AddClusterSynthesis();
        services.AddSingleton<INodes, ClusterNodes>();
        services.AddSingleton<IVoices, ClusterVoices>();
    }

    internal static void AddClusterSynthesis(this IServiceCollection services)
    {
        services.AddSingleton(new WorkerDirectory(new Random()));
        services.AddSingleton<ClusterInstruments>();
        services.AddSingleton<ISynthesis, ClusterSynthesis>();
    }
}
