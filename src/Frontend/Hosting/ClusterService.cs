#if ORLEANS
using Orleans.Configuration;
#else
using CosyOrleans.Service.Errors;
#endif

namespace CosyOrleans.Frontend.Hosting;

/// <summary>The ports, answered by the silos of a cluster.</summary>
internal static class ClusterService
{
#if ORLEANS
    private const string Invariant = "Npgsql";

    // A gateway that died is asked for at most this long.
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(3);

    public static void AddClusterService(this WebApplicationBuilder builder, FrontendOptions frontend) => builder.UseOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = frontend.ClusterId;
            options.ServiceId = frontend.ServiceId;
        });
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayRefresh);
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = frontend.ConnectionString;
        });
    });
#else
    public static void AddClusterService(this WebApplicationBuilder builder, FrontendOptions frontend) => throw new SpeechException(
        SpeechErrorKind.Configuration,
        "CLUSTER_NOT_BUILT",
        "Frontends of a cluster are not part of this build.",
        "Build from a package source that holds Orleans, or serve without --cluster.");
#endif
}
