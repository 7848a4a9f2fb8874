using System.Diagnostics;
using System.Text.Json;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Faults;

/// <summary>A cluster as ./cosy cluster up makes it, whose processes are then killed and frozen.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    /// <summary>Longer than anything takes on a machine that has much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // The faults are about what is lost or heard twice. Who would wait for long, because the machine is slow or few silos are
    // left, waits here and is not sent away.
    private static readonly Dictionary<string, string> Unhurried = new()
    {
        ["Synthesis__MaxWaitSeconds"] = "3600", ["Failover__GiveUpSeconds"] = "600",
    };

    private readonly ClusterFolder _folder;
    private readonly string? _siloProgram;
    private readonly IReadOnlyDictionary<string, string> _settings;

    private FaultCluster(ClusterFolder folder, int port, string? siloProgram, IReadOnlyDictionary<string, string> settings)
    {
        (_folder, _siloProgram, _settings) = (folder, siloProgram, settings);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience,
        };
    }

    /// <summary>Speaks to the frontend.</summary>
    public HttpClient Client { get; }

    public string Data => _folder.Data;

    /// <summary>Of the cluster's database.</summary>
    public string Connection => Members(MemberKind.Silo)[0].Environment["Silo__ConnectionString"];

    public IReadOnlyList<string> Silos => [.. Members(MemberKind.Silo).Select(member => member.Name)];

    /// <summary>The name of the frontend's process.</summary>
    public string Frontend => Members(MemberKind.Frontend)[0].Name;

    /// <summary>The name of the database's process.</summary>
    public string Database => Members(MemberKind.Database)[0].Name;

    /// <param name="siloProgram">The assembly to run as silo; null: the product's.</param>
    /// <param name="model">The model folder; null: the built-in voice.</param>
    /// <param name="settings">Of all processes, as environment variables, beside those with which nobody is sent away; null for none.</param>
    public static async Task<FaultCluster> StartAsync(
        int silos, string? siloProgram = null, string? model = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = LocalCluster.FreePorts(1)[0];
        var folder = new ClusterFolder(Path.Combine(Path.GetTempPath(), $"cosy-faults-{Guid.NewGuid():n}"));
        var cluster = new FaultCluster(folder, port, siloProgram, settings ?? new Dictionary<string, string>());
        string[] other = model is null ? [] : ["--model", model];
        await cluster.RunAsync(["up", "--silos", $"{silos}", "--port", $"{port}", "--data", folder.Data, .. other]);
        await cluster.WhenReadyAsync();
        return cluster;
    }

    /// <summary>Whether another silo went on with a speech of which something had been heard.</summary>
    public bool WentOnInTheMiddle(string task) => File.ReadLines(_folder.File($"{Members(MemberKind.Frontend)[0].Name}.log"))
        .Any(line => line.Contains($"goes on with speech {task} at frame", StringComparison.Ordinal) && !line.EndsWith(" frame 0", StringComparison.Ordinal));

    public Task AddSiloAsync() => RunAsync("add", "--data", Data);

    /// <summary>Ends a process as a power cut would; its supervisor starts it again.</summary>
    public void Kill(string name) => MemberProcess.Signal(Member(name).Running!, "KILL");

    /// <summary>Stops a process in the middle of whatever it does, connections open.</summary>
    public void Freeze(string name) => MemberProcess.Signal(Member(name).Running!, "STOP");

    /// <summary>Asks a process to stop, as a rolling restart does; its supervisor starts it again.</summary>
    public void Stop(string name) => MemberProcess.Signal(Member(name).Running!, "TERM");

    /// <summary>Completes when nothing is spoken on a silo, which takes nothing new from now on.</summary>
    public Task DrainAsync(string silo) => RunAsync("drain", silo, "--data", Data);

    public Task ResumeAsync(string silo) => RunAsync("resume", silo, "--data", Data);

    /// <summary>Lets whatever is frozen go on.</summary>
    public void ThawAll()
    {
        foreach (var process in _folder.Members().Select(member => member.Running).OfType<ProcessIdentity>())
        {
            MemberProcess.Signal(process, "CONT");
        }
    }

    /// <summary>Completes when every process answers that it is ready, and the frontend reaches every silo.</summary>
    public async Task WhenReadyAsync()
    {
        foreach (var member in _folder.Members())
        {
            var ready = await Waiting.ForAsync(
                async token => member.Running is not null && await MemberHealth.IsReadyAsync(member.Member, token), Patience, default);
            Require(ready, $"{member.Member.Name} did not become ready");
        }

        var reached = await Waiting.ForAsync(async token => await ReadyNodesAsync(token) == Silos.Count, Patience, default);
        Require(reached, "the frontend did not reach every silo");
    }

    public async ValueTask DisposeAsync()
    {
        ThawAll();
        Client.Dispose();
        await RunAsync("down", "--data", Data);
        Directory.Delete(Data, recursive: true);
    }

    private Member[] Members(MemberKind kind) => [.. _folder.Members().Select(member => member.Member).Where(member => member.Kind == kind)];

    private MemberProcess Member(string name) => _folder.Members().Single(member => member.Member.Name == name);

    /// <summary>Speeches that a silo makes at the moment, as the frontend knows; 0 while it knows of no such silo.</summary>
    public async Task<int> RunningAsync(string silo, CancellationToken cancellationToken)
    {
        using var nodes = await NodesAsync(cancellationToken);
        return Nodes(nodes).Where(node => node.GetProperty("name").GetString() == silo)
            .Sum(node => node.GetProperty("running").GetInt32());
    }

    /// <summary>The silo that makes the most speeches at the moment, as the frontend knows.</summary>
    public async Task<string> BusiestAsync()
    {
        using var nodes = await NodesAsync(default);
        return Nodes(nodes).MaxBy(node => node.GetProperty("running").GetInt32()).GetProperty("name").GetString()!;
    }

    private async Task<int> ReadyNodesAsync(CancellationToken cancellationToken)
    {
        using var nodes = await NodesAsync(cancellationToken);
        return Nodes(nodes).Count(node => node.GetProperty("state").GetString() == "ready");
    }

    private async Task<JsonDocument> NodesAsync(CancellationToken cancellationToken) =>
        JsonDocument.Parse(await Client.GetStringAsync("/v1/nodes", cancellationToken));

    private static JsonElement.ArrayEnumerator Nodes(JsonDocument nodes) => nodes.RootElement.GetProperty("nodes").EnumerateArray();

    private async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cosy.dll"), "cluster", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["COSY_SILO"] = _siloProgram;
        foreach (var (name, value) in Unhurried.Concat(_settings))
        {
            start.Environment[name] = value; // Whatever it starts inherits them.
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        Require(process.ExitCode == 0, $"cosy cluster {string.Join(' ', arguments)}: {await output}{await errors}");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
