#if ORLEANS
using CosyOrleans.Grains.Client;
#else
using CosyOrleans.Service.Errors;
#endif

namespace CosyOrleans.Frontend.Hosting;

/// <summary>The ports, answered by the silos of a cluster.</summary>
internal static class ClusterService
{
#if ORLEANS
    public static void AddClusterService(this IServiceCollection services, Settings settings) => services.AddClusterService(
        new ClusterConnectionOptions(settings.Frontend.ConnectionString, settings.Frontend.ClusterId, settings.Frontend.ServiceId),
        settings.Failover,
        settings.Frontend.Data);
#else
    public static void AddClusterService(this IServiceCollection services, Settings settings) => throw new SpeechException(
        SpeechErrorKind.Configuration,
        "CLUSTER_NOT_BUILT",
        "Frontends of a cluster are not part of this build.",
        "Build from a package source that holds Orleans, or serve without --cluster.");
#endif
}
