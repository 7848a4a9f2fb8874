using CosyOrleans.Grains.Jobs;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Synthesis;
using CosyOrleans.Grains.Tenants;
using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Client;

public static class ClusterServiceExtensions
{
    /// <summary>The ports, answered by a cluster.</summary>
    /// <param name="dataFolder">The one that the silos have too: outputs of jobs are read from there.</param>
    /// <param name="findSilos">Null: through the database.</param>
    public static void AddClusterService(
        this IServiceCollection services, ClusterConnectionOptions options, FailoverOptions failover, string dataFolder, Action<IClientBuilder>? findSilos = null)
    {
        services.AddSingleton(new JobGrainOptions(dataFolder));
        services.AddSingleton(options);
        services.AddSingleton(failover);
        services.AddSingleton(findSilos ?? ClusterConnection.FindSilosInDatabase(options));
        services.AddSingleton<ClusterConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterConnection>());
        services.AddHostedService<NodeLines>();
        services.AddClusterSynthesis();
        services.AddSingleton<INodes, ClusterNodes>();
        services.AddSingleton<IVoices, ClusterVoices>();
        services.AddSingleton<IJobs, ClusterJobs>();
        services.AddClusterUsage(provider => provider.GetRequiredService<ClusterConnection>().Grains);
    }

    /// <param name="grains">The way to the grains; null while there is none.</param>
    internal static void AddClusterUsage(this IServiceCollection services, Func<IServiceProvider, IGrainFactory?> grains)
    {
        services.AddSingleton(provider => new ClusterUsage(
            () => grains(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ClusterUsage>>()));
        services.AddSingleton<IUsage>(provider => provider.GetRequiredService<ClusterUsage>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterUsage>());
    }

    internal static void AddClusterSynthesis(this IServiceCollection services)
    {
        services.AddSingleton(new WorkerDirectory(new Random()));
        services.AddSingleton<ClusterInstruments>();
        services.AddSingleton<ISynthesis, ClusterSynthesis>();
    }
}
