#if ORLEANS
using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Synthesis;
#else
using CosyOrleans.Service.Errors;
#endif

namespace CosyOrleans.Frontend.Hosting;

/// <summary>The ports, answered by the silos of a cluster.</summary>
internal static class ClusterService
{
#if ORLEANS
    public static void AddClusterService(this WebApplicationBuilder builder, FrontendOptions frontend)
    {
        var connection = new ClusterConnectionOptions
        {
            Connection = frontend.ConnectionString, ClusterId = frontend.ClusterId, ServiceId = frontend.ServiceId,
        };
        builder.Services.AddClusterService(connection, new FailoverOptions());
    }
#else
    public static void AddClusterService(this WebApplicationBuilder builder, FrontendOptions frontend) => throw new SpeechException(
        SpeechErrorKind.Configuration,
        "CLUSTER_NOT_BUILT",
        "Frontends of a cluster are not part of this build.",
        "Build from a package source that holds Orleans, or serve without --cluster.");
#endif
}
