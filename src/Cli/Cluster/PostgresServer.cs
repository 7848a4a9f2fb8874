using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli.Cluster;

/// <summary>A PostgreSQL of our own, from the system's packages: its data in one folder, reached from this machine only.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PostgresServer(string folder, string binaries)
{
    private const string User = "cosy";

    // PostgreSQL refuses to run as root; this is the user that its packages make for it.
    private const string SystemUser = "postgres";

    private string Data => Path.Combine(folder, "data");

    private string Password => Path.Combine(folder, "password");

    /// <summary>The folder with initdb and postgres of the newest installed version; null where there is none.</summary>
    public static string? FindBinaries()
    {
        var packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(Version).Select(version => Path.Combine(version, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return packaged.Concat(path).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")));
    }

    /// <exception cref="SpeechException">PostgreSQL is not installed.</exception>
    public static string RequireBinaries() => FindBinaries() ?? throw new SpeechException(
        SpeechErrorKind.Configuration,
        "POSTGRESQL_NOT_INSTALLED",
        "A cluster keeps its state in PostgreSQL, and none is installed on this machine.",
        "Install it (Debian, Ubuntu: apt-get install postgresql), or name one that runs with --connection.");

    /// <summary>
    /// Where a server can keep its data: below the wanted folder, or, when that is in a place that only root can enter and
    /// PostgreSQL therefore cannot, below /var/lib.
    /// </summary>
    public static string FolderFor(string wanted)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return wanted;
        }

        for (var above = Path.GetDirectoryName(wanted); above is not null; above = Path.GetDirectoryName(above))
        {
            if (Directory.Exists(above) && (File.GetUnixFileMode(above) & UnixFileMode.OtherExecute) == 0)
            {
                var name = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(wanted)))[..12];
                return Path.Combine("/var/lib/cosyorleans", name, "postgres");
            }
        }

        return wanted;
    }

    /// <summary>Makes the database's files where there are none.</summary>
    /// <exception cref="SpeechException">initdb failed.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            return;
        }

        await File.WriteAllTextAsync(Password, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), cancellationToken);
        File.SetUnixFileMode(Password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(["chown", "-R", SystemUser, folder], cancellationToken);
        }

        await RunAsync(
            AsSystemUser([
                Path.Combine(binaries, "initdb"), "--pgdata", Data, "--username", User, "--pwfile", Password,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
            ]),
            cancellationToken);
    }

    /// <summary>The command that runs the server on a port of 127.0.0.1 until it gets SIGINT.</summary>
    public string[] Command(int port) => AsSystemUser([
        Path.Combine(binaries, "postgres"), "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture),
        "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={(SocketFits ? folder : "")}", "-c", "max_connections=300",
    ]);

    public string ConnectionString(int port) =>
        $"Host=127.0.0.1;Port={port};Username={User};Password={File.ReadAllText(Password)};Database=postgres";

    // The name of a socket may have 107 bytes.
    private bool SocketFits => folder.Length < 80;

    private static string[] AsSystemUser(string[] command) => Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", .. command]
        : command;

    private static int Version(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new SpeechException(
                SpeechErrorKind.Configuration,
                "POSTGRESQL_NOT_STARTED",
                $"{Path.GetFileName(command.First(part => !part.StartsWith("setpriv", StringComparison.Ordinal) && !part.StartsWith("--", StringComparison.Ordinal)))} failed: {errors.Trim()}",
                "Correct what it names, or name a running PostgreSQL with --connection.");
        }
    }
}
