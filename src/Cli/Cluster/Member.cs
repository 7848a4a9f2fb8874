using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace CosyOrleans.Cli.Cluster;

/// <summary>What kind of process a member of a local cluster is; stopped in this order.</summary>
internal enum MemberKind
{
    Frontend,
    Silo,
    Database,
}

/// <summary>One process of a local cluster, as planned.</summary>
/// <param name="Port">Where it answers; of a database, its own port, otherwise HTTP.</param>
internal sealed record Member(string Name, MemberKind Kind, int Port, string[] Command, Dictionary<string, string> Environment);

/// <summary>The process of a member, found again by whoever comes later through a file.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class MemberProcess(Member member, ClusterFolder folder)
{
    // PostgreSQL takes SIGTERM as "when the last client has gone" and SIGINT as "now, in order".
    private string StopSignal => Member.Kind == MemberKind.Database ? "INT" : "TERM";

    public Member Member { get; } = member;

    /// <summary>The running process; null when it is not running.</summary>
    public ProcessIdentity? Running => ProcessIdentity.Read(PidFile) is { IsAlive: true } process ? process : null;

    private string PidFile => folder.File($"{Member.Name}.pid");

    public void Start()
    {
        // The shell opens the log and becomes the process, which so depends on nobody's pipes.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" </dev/null >>\"$COSY_LOG\" 2>&1", "sh", .. Member.Command])
        {
            WorkingDirectory = folder.Root,
        };
        start.Environment["COSY_LOG"] = folder.File($"{Member.Name}.log");
        foreach ((var name, var value) in Member.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        ProcessIdentity.Of(process.Id)?.Write(PidFile);
    }

    /// <summary>Asks the process to stop and waits; ends it by force when the time is over. False when force was needed.</summary>
    public async Task<bool> StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Running is not { } process)
        {
            File.Delete(PidFile);
            return true;
        }

        Signal(process, StopSignal);
        var stopped = await Waiting.ForAsync(() => !process.IsAlive, patience, cancellationToken);
        if (!stopped)
        {
            Signal(process, "KILL");
            await Waiting.ForAsync(() => !process.IsAlive, TimeSpan.FromSeconds(10), cancellationToken);
        }

        File.Delete(PidFile);
        return stopped;
    }

    public static void Signal(ProcessIdentity process, string signal)
    {
        if (process.IsAlive)
        {
            using var kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }
}
