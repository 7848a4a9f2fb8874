using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli.Cluster;

/// <summary>A cluster on this machine: a database unless there is one, silos and frontends, all on 127.0.0.1.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LocalCluster(ClusterFolder folder)
{
    private const string Database = "database";
    private const int FirstPort = 12_000;
    private const int EndOfPorts = 32_000;

    private static readonly TimeSpan DatabasePatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FrontendPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SiloPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DatabaseStopPatience = TimeSpan.FromSeconds(30);

    /// <summary>Starts what the plan wants and waits until all of it is ready.</summary>
    /// <exception cref="SpeechException">A cluster runs here already, or something cannot be started.</exception>
    public async Task UpAsync(ClusterPlan plan, CancellationToken cancellationToken)
    {
        if (folder.Supervisor.Running is not null || folder.Members().Any(member => member.Running is not null))
        {
            throw new SpeechException(
                SpeechErrorKind.Configuration,
                "CLUSTER_RUNS",
                $"A cluster of {folder.Data} is running.",
                "Look at it with cosy cluster status, stop it with cosy cluster down, or give another folder with --data.");
        }

        var silo = SiloProgram.Require();
        List<Member> members = [];
        var connection = plan.Connection;
        folder.Write(members);
        StartSupervisor();
        if (connection is null)
        {
            var server = new PostgresServer(PostgresServer.FolderFor(folder.File("postgres")), PostgresServer.RequireBinaries());
            await server.InitializeAsync(cancellationToken);
            var port = FreePorts(1)[0];
            connection = server.ConnectionString(port);
            members.Add(new Member(Database, MemberKind.Database, port, server.Command(port), []));
            folder.Write(members);
            await WaitAsync(Database, ct => AcceptsAsync(port, ct), DatabasePatience, cancellationToken);
        }

        if (await SiloProgram.InitializeAsync(connection, cancellationToken) != 0)
        {
            throw new SpeechException(
                SpeechErrorKind.Configuration, "DATABASE_NOT_USABLE", "The database could not be prepared.", "See the line above, then start again.");
        }

        for (var number = 1; number <= plan.Silos; number++)
        {
            members.Add(Silo($"silo-{number}", silo, connection, plan));
        }

        for (var number = 1; number <= plan.Frontends; number++)
        {
            members.Add(Frontend($"frontend-{number}", number == 1 ? plan.Port : 0, connection, plan));
        }

        folder.Write(members);
        foreach (var member in members.Where(member => member.Kind != MemberKind.Database))
        {
            await WaitAsync(member.Name, ct => MemberHealth.IsReadyAsync(member, ct), ReadyPatience, cancellationToken);
        }
    }

    /// <summary>One more silo, like those that run. Returns its name.</summary>
    public async Task<string> AddAsync(CancellationToken cancellationToken)
    {
        var members = folder.Members().Select(member => member.Member).ToList();
        var last = members.LastOrDefault(member => member.Kind == MemberKind.Silo) ?? throw new SpeechException(
            SpeechErrorKind.Configuration, "CLUSTER_DOWN", $"No cluster of {folder.Data} is running.", "Start one with cosy cluster up.");
        var number = 1 + members.Where(member => member.Kind == MemberKind.Silo)
            .Max(member => int.Parse(member.Name[(member.Name.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture));
        var ports = FreePorts(3);
        var added = last with { Name = $"silo-{number}", Port = ports[2], Environment = new(last.Environment) };
        SetPorts(added, ports);
        folder.Write(members.Append(added));
        await WaitAsync(added.Name, ct => MemberHealth.IsReadyAsync(added, ct), ReadyPatience, cancellationToken);
        return added.Name;
    }

    /// <summary>Stops exactly what runs: frontends first, then all silos at the same time, each draining, the database last.</summary>
    public async Task<IReadOnlyList<string>> DownAsync(CancellationToken cancellationToken)
    {
        // First, so that it does not start again what is being stopped.
        await folder.Supervisor.StopAsync(FrontendPatience, cancellationToken);
        List<string> stopped = [];
        foreach (var kind in folder.Members().Where(member => member.Running is not null).GroupBy(member => member.Member.Kind).OrderBy(kind => kind.Key))
        {
            var patience = kind.Key switch
            {
                MemberKind.Frontend => FrontendPatience,
                MemberKind.Silo => SiloPatience,
                _ => DatabaseStopPatience,
            };
            await Task.WhenAll(kind.Select(member => member.StopAsync(patience, cancellationToken)));
            stopped.AddRange(kind.Select(member => member.Member.Name));
        }

        folder.Write([]);
        return stopped;
    }

    private static Member Silo(string name, string assembly, string connection, ClusterPlan plan)
    {
        var ports = FreePorts(3);
        var member = new Member(name, MemberKind.Silo, ports[2], ["dotnet", assembly], new Dictionary<string, string>
        {
            [SiloProgram.ConnectionVariable] = connection,
            ["Silo__Model"] = Path.GetFullPath(plan.Model),
            ["Silo__Data"] = plan.Data,
            ["Silo__Threads"] = plan.Threads.ToString(CultureInfo.InvariantCulture),
        });
        SetPorts(member, ports);
        return member;
    }

    private static void SetPorts(Member member, int[] ports)
    {
        member.Environment["Silo__Name"] = member.Name;
        member.Environment["Silo__SiloPort"] = ports[0].ToString(CultureInfo.InvariantCulture);
        member.Environment["Silo__GatewayPort"] = ports[1].ToString(CultureInfo.InvariantCulture);
        member.Environment["Silo__HttpPort"] = ports[2].ToString(CultureInfo.InvariantCulture);
    }

    private static Member Frontend(string name, int port, string connection, ClusterPlan plan)
    {
        port = port == 0 ? FreePorts(1)[0] : port;
        return new Member(
            name,
            MemberKind.Frontend,
            port,
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "cosy.dll"), "serve", "--cluster", "--port", port.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string> { [ServeCommand.ConnectionVariable] = connection, ["COSY_DATA"] = plan.Data });
    }

    private void StartSupervisor()
    {
        // A session of its own: it outlives the terminal that started it.
        var start = new ProcessStartInfo("setsid", [
            "--fork", "sh", "-c", "exec \"$@\" </dev/null >>\"$COSY_LOG\" 2>&1", "sh",
            "dotnet", Path.Combine(AppContext.BaseDirectory, "cosy.dll"), "cluster", "supervise", "--data", folder.Data,
        ]);
        start.Environment["COSY_LOG"] = folder.File("supervisor.log");
        using var process = Process.Start(start)!;
        process.WaitForExit();
    }

    private async Task WaitAsync(string name, Func<CancellationToken, Task<bool>> ready, TimeSpan patience, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"cosy: waiting for {name} ...");
        if (!await Waiting.ForAsync(ready, patience, cancellationToken))
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady,
                "CLUSTER_NOT_READY",
                $"{name} is not ready after {patience.TotalMinutes:0} minutes.",
                $"Its log is {folder.File($"{name}.log")}; cosy cluster down stops the rest.");
        }
    }

    internal static async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Ports for programs that are started later. Not of those that the system gives to connections, which would take them before.</summary>
    internal static int[] FreePorts(int count)
    {
        var random = new Random();
        HashSet<int> ports = [];
        while (ports.Count < count)
        {
            var port = random.Next(FirstPort, EndOfPorts);
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>What somebody asked for.</summary>
/// <param name="Connection">Null for a database of the cluster's own.</param>
/// <param name="Port">Of the first frontend; 0 for a free one.</param>
internal sealed record ClusterPlan(int Silos, int Frontends, string? Connection, string Model, string Data, int Threads, int Port);
