using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Faults.Tests;

/// <summary>A cluster as ./cosy cluster up makes it, whose processes are then killed and frozen.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ClusterFolder _folder;

    private FaultCluster(ClusterFolder folder, int port)
    {
        _folder = folder;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(10),
        };
    }

    /// <summary>Speaks to the frontend.</summary>
    public HttpClient Client { get; }

    public string Data => _folder.Data;

    public IReadOnlyList<string> Silos => [.. _folder.Members().Where(member => member.Member.Kind == MemberKind.Silo).Select(member => member.Member.Name)];

    /// <summary>Every fault is repeated so often; more with the environment variable COSY_FAULT_ROUNDS.</summary>
    public static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("COSY_FAULT_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 2;

    public static async Task<FaultCluster> StartAsync(int silos)
    {
        var port = FreePort();
        var folder = new ClusterFolder(Path.Combine(Path.GetTempPath(), $"cosy-faults-{Guid.NewGuid():n}"));
        var cluster = new FaultCluster(folder, port);
        await RunAsync("up", "--silos", $"{silos}", "--port", $"{port}", "--data", folder.Data);
        await cluster.WhenReadyAsync();
        return cluster;
    }

    public Task AddSiloAsync() => RunAsync("add", "--data", Data);

    /// <summary>Ends a process as a power cut would; its supervisor starts it again.</summary>
    public void Kill(string name) => MemberProcess.Signal(Member(name).Running!, "KILL");

    /// <summary>Stops a process in the middle of whatever it does, connections open.</summary>
    public void Freeze(string name) => MemberProcess.Signal(Member(name).Running!, "STOP");

    public void Thaw(string name)
    {
        if (Member(name).Running is { } running)
        {
            MemberProcess.Signal(running, "CONT");
        }
    }

    /// <summary>Completes when every process answers that it is ready, and the frontend reaches every silo.</summary>
    public async Task WhenReadyAsync()
    {
        foreach (var member in _folder.Members())
        {
            var ready = await Waiting.ForAsync(
                async token => member.Running is not null && await MemberHealth.IsReadyAsync(member.Member, token), Patience, default);
            Assert.True(ready, $"{member.Member.Name} did not become ready");
        }

        var reached = await Waiting.ForAsync(async token => await ReadyNodesAsync(token) == Silos.Count, Patience, default);
        Assert.True(reached, "the frontend did not reach every silo");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
        {
            Thaw(silo);
        }

        Client.Dispose();
        await RunAsync("down", "--data", Data);
        Directory.Delete(Data, recursive: true);
    }

    private MemberProcess Member(string name) => _folder.Members().Single(member => member.Member.Name == name);

    private async Task<int> ReadyNodesAsync(CancellationToken cancellationToken)
    {
        using var nodes = JsonDocument.Parse(await Client.GetStringAsync("/v1/nodes", cancellationToken));
        return nodes.RootElement.GetProperty("nodes").EnumerateArray().Count(node => node.GetProperty("state").GetString() == "ready");
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cosy.dll"), "cluster", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove("COSY_SILO");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"cosy cluster {string.Join(' ', arguments)}: {await output}{await errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
