using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli.Cluster;

/// <summary>cosy cluster: init, up, status, add, drain, resume, down.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ClusterCommand
{
    public static Command Create() => new("cluster", "Silos, frontends and their database on this machine.")
    {
        Init(), Up(), Status(), Add(), Drain(), Resume(), Down(), Supervise(),
    };

    private static Command Init()
    {
        var connection = Connection("The database. Default: the environment variable Silo__ConnectionString.");
        var command = new Command("init", "Bring a PostgreSQL database to the schema of this program; may be repeated.") { connection };
        command.SetAction((result, cancellation) => GuardAsync(() =>
            SiloProgram.InitializeAsync(
                result.GetValue(connection) ?? Environment.GetEnvironmentVariable(SiloProgram.ConnectionVariable) ?? "", cancellation)));
        return command;
    }

    private static Command Up()
    {
        var silos = IntegerOption.Create("--silos", 1, 64, 3, "Silos, 1 to 64. Default: 3.");
        var frontends = IntegerOption.Create("--frontends", 0, 16, 1, "Frontends, 0 to 16. Default: 1.");
        var port = IntegerOption.Create("--port", 1, 65535, 8080, "Port of the first frontend on 127.0.0.1, 1 to 65535. Default: 8080.", "-p");
        var threads = IntegerOption.Create("--threads", 1, 1024, 1, "Threads that compute, for each silo, 1 to 1024. Default: 1.");
        var connection = Connection("A PostgreSQL that runs. Default: one of the cluster's own, from the system's packages.");
        var model = ModelOption.Model();
        var data = DataOption.Create();
        var command = new Command("up", "Start a cluster and wait until it is ready.") { silos, frontends, port, threads, connection, model, data };
        command.SetAction((result, cancellation) => GuardAsync(async () =>
        {
            var folder = new ClusterFolder(result.GetValue(data)!);
            await new LocalCluster(folder).UpAsync(
                new ClusterPlan(
                    result.GetValue(silos),
                    result.GetValue(frontends),
                    result.GetValue(connection),
                    result.GetValue(model)!,
                    folder.Data,
                    result.GetValue(threads),
                    result.GetValue(port)),
                cancellation);
            foreach (var frontend in folder.Members().Where(member => member.Member.Kind == MemberKind.Frontend))
            {
                Console.WriteLine($"http://127.0.0.1:{frontend.Member.Port}");
            }

            return 0;
        }));
        return command;
    }

    private static Command Status()
    {
        var data = DataOption.Create();
        var command = new Command("status", "Show every process of the cluster; the exit code is 1 when one is down or not ready.") { data };
        command.SetAction((result, cancellation) => GuardAsync(() => ShowAsync(new ClusterFolder(result.GetValue(data)!), cancellation)));
        return command;
    }

    private static Command Add()
    {
        var data = DataOption.Create();
        var command = new Command("add", "Start one more silo.") { data };
        command.SetAction((result, cancellation) => GuardAsync(async () =>
        {
            Console.WriteLine($"{await new LocalCluster(new ClusterFolder(result.GetValue(data)!)).AddAsync(cancellation)} is ready");
            return 0;
        }));
        return command;
    }

    private static Command Drain()
    {
        var silo = Silo();
        var data = DataOption.Create();
        var command = new Command("drain", "Let a silo finish what it speaks and take nothing new; waits until nothing runs there.") { silo, data };
        command.SetAction((result, cancellation) => GuardAsync(async () =>
        {
            await new SiloDrain(new ClusterFolder(result.GetValue(data)!)).DrainAsync(result.GetValue(silo)!, cancellation);
            Console.WriteLine($"{result.GetValue(silo)} is drained; cosy cluster resume gives it work again");
            return 0;
        }));
        return command;
    }

    private static Command Resume()
    {
        var silo = Silo();
        var data = DataOption.Create();
        var command = new Command("resume", "Let a drained silo take work again.") { silo, data };
        command.SetAction((result, cancellation) => GuardAsync(async () =>
        {
            await new SiloDrain(new ClusterFolder(result.GetValue(data)!)).ResumeAsync(result.GetValue(silo)!, cancellation);
            Console.WriteLine($"{result.GetValue(silo)} takes work");
            return 0;
        }));
        return command;
    }

    private static Argument<string> Silo() => new("SILO") { Description = "Its name, as status shows it." };

    private static Command Down()
    {
        var data = DataOption.Create();
        var command = new Command("down", "Stop the cluster that was started with the same data folder; data are kept.") { data };
        command.SetAction((result, cancellation) => GuardAsync(async () =>
        {
            var stopped = await new LocalCluster(new ClusterFolder(result.GetValue(data)!)).DownAsync(cancellation);
            Console.WriteLine(stopped.Count == 0 ? "nothing was running" : $"stopped {string.Join(", ", stopped)}");
            return 0;
        }));
        return command;
    }

    private static Command Supervise()
    {
        var data = DataOption.Create();
        var command = new Command("supervise", "Keep the processes of the cluster running; started by up.") { data };
        command.Hidden = true;
        command.SetAction(async (result, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
            await new Supervisor(new ClusterFolder(result.GetValue(data)!), TimeProvider.System).RunAsync(stop.Token);
            return 0;
        });
        return command;
    }

    private static async Task<int> ShowAsync(ClusterFolder folder, CancellationToken cancellationToken)
    {
        var members = folder.Members();
        if (members.Count == 0)
        {
            Console.WriteLine($"no cluster of {folder.Data} is running");
            return 1;
        }

        var allWell = folder.Supervisor.Running is not null;
        Console.WriteLine($"{"supervisor",-12} {folder.Supervisor.Running?.Id.ToString() ?? "-",8} {"-",6} {(allWell ? "running" : "down")}");
        foreach (var member in members)
        {
            var running = member.Running;
            (var ready, var says) = running is null ? (false, "") : await MemberHealth.AskAsync(member.Member, cancellationToken);
            var state = running is null ? "down" : ready ? "ready" : "not ready";
            Console.WriteLine($"{member.Member.Name,-12} {running?.Id.ToString() ?? "-",8} {member.Member.Port,6} {state,-9} {says}".TrimEnd());
            allWell &= ready;
        }

        return allWell ? 0 : 1;
    }

    private static Option<string?> Connection(string description) => new("--connection")
    {
        Description = description, HelpName = "STRING",
    };

    private static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (SpeechException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error DATA_NOT_USABLE: {error.Message} Give another folder with --data.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped waiting; cosy cluster status shows what runs, cosy cluster down stops it.");
            return 130;
        }
    }
}
