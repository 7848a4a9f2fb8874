using System.Net;
using System.Net.Sockets;
using CosyOrleans.Grains;
using CosyOrleans.Grains.Jobs;
using CosyOrleans.Grains.Voices;
using Orleans.Configuration;

namespace CosyOrleans.Silo.Hosting;

/// <summary>The silo of Orleans with everything it keeps in PostgreSQL.</summary>
internal static class OrleansSetup
{
    private const string Invariant = "Npgsql";

    public static void AddSilo(this WebApplicationBuilder builder, SiloSettings settings) => builder.UseOrleans(silo =>
    {
        var connection = ClusterDatabase.Complete(settings.Silo.ConnectionString);
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = settings.Silo.ClusterId;
            options.ServiceId = settings.Silo.ServiceId;
        });
        silo.Configure<Orleans.Configuration.SiloOptions>(options => options.SiloName = settings.Silo.Name);
        silo.Configure<EndpointOptions>(options => Listen(options, settings.Silo));
        silo.Configure<ClusterMembershipOptions>(options => Configure(options, settings.Membership));
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
            options.DeleteStateOnClear = true;
        });
        silo.AddAdoNetGrainStorage(JobGrainOptions.Storage, options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
            options.DeleteStateOnClear = true;
        });
        silo.Services.AddSingleton(new JobGrainOptions(settings.Silo.Data));
        silo.AddAdoNetGrainStorage(VoiceStorage.Name, options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connection;
        });
        silo.AddSpeechGrains(settings.Failover);
        silo.Services.AddSingleton<IFatalErrorHandler, FatalExit>();
        settings.Setup.Silo?.Invoke(silo);
    });

    private static void Listen(EndpointOptions options, SiloOptions silo)
    {
        var address = IPAddress.Parse(silo.Address);
        var free = FreePorts(address);
        options.AdvertisedIPAddress = address;
        options.SiloPort = silo.SiloPort == 0 ? free.Silo : silo.SiloPort;
        options.GatewayPort = silo.GatewayPort == 0 ? free.Gateway : silo.GatewayPort;
        options.SiloListeningEndpoint = new IPEndPoint(address, options.SiloPort);
        options.GatewayListeningEndpoint = new IPEndPoint(address, options.GatewayPort);
    }

    private static void Configure(ClusterMembershipOptions options, MembershipOptions membership)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(membership.ProbeSeconds);
        options.NumMissedProbesLimit = membership.MissedProbes;
        options.NumVotesForDeathDeclaration = membership.Votes;
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(membership.SignOfLifeSeconds);
        options.TableRefreshTimeout = TimeSpan.FromSeconds(membership.RefreshSeconds);
        // An open connection says nothing about a process that is frozen.
        options.EnableConnectionLivenessCheck = false;
    }

    // Orleans advertises a port before it listens there, so a free one has to be found first. Both are held at the same
    // time, that they differ.
    private static (int Silo, int Gateway) FreePorts(IPAddress address)
    {
        using var first = new TcpListener(address, 0);
        using var second = new TcpListener(address, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
