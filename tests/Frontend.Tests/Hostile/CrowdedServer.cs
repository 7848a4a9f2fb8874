using System.Globalization;
using CosyOrleans.Frontend.Tests.Access;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Tests.Hostile;

/// <summary>A server of several tenants with room for thousands of listeners, each tenant with a voice of its own of the same name.</summary>
internal sealed class CrowdedServer : KeyedServer
{
    /// <summary>What every tenant calls its own voice.</summary>
    public const string Own = "mine";

    /// <summary>A voice of the catalogue that everybody has.</summary>
    public const string Shared = "ours";

    public const int SharedTone = 50;

    private static readonly string[] Names = ["acme", "bolt", "cole", "dora"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private CrowdedServer() => Model.ChunkSamples = 120;

    public IReadOnlyList<Tenant> Tenants { get; private set; } = [];

    /// <summary>Speeches that are being spoken or wait for a place.</summary>
    public int Open => Queue.Running + Queue.Queued;

    private SpeechQueue Queue => Services.GetRequiredService<DeviceHost>().Queue;

    public static async Task<CrowdedServer> StartAsync(int cacheMegabytes)
    {
        var server = new CrowdedServer
        {
            Settings = new Dictionary<string, string>
            {
                ["Frontend:MaxConnections"] = "100000", ["Synthesis:MaxRunning"] = "256", ["Synthesis:MaxQueued"] = "10000", ["Synthesis:MaxWaitSeconds"] = "3600",
                ["Logging:LogLevel:Default"] = "Warning", // Tens of thousands of lines, otherwise.
                ["Cache:Megabytes"] = cacheMegabytes.ToString(CultureInfo.InvariantCulture),
            },
        };
        await server.NewKeyAsync(null); // Without any the server does not start.
        await server.InitializeAsync();
        await TenantMatrixTests.Two.ImportAsync(await server.ClientOfAsync(null), Shared, SharedTone);
        List<Tenant> tenants = [];
        foreach (var name in Names)
        {
            var client = await server.ClientOfAsync(name);
            client.Timeout = Patience;
            var tone = 3 + (5 * tenants.Count);
            await TenantMatrixTests.Two.ImportAsync(client, Own, tone);
            tenants.Add(new Tenant(name, client, client.DefaultRequestHeaders.Authorization!.ToString(), tone));
        }

        server.Tenants = tenants;
        return server;
    }

    /// <summary>Completes when at least so many speeches are open.</summary>
    public async Task WhenOpenAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Open < count)
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <param name="Tone">Of its own voice.</param>
    public sealed record Tenant(string Name, HttpClient Client, string Authorization, int Tone);
}
