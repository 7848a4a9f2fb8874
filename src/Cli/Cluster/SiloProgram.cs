using System.Diagnostics;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli.Cluster;

/// <summary>The silo's assembly, which this program starts and does not contain: it needs Orleans, the command does not.</summary>
internal static class SiloProgram
{
    private const string Assembly = "CosyOrleans.Silo.dll";

    public const string ConnectionVariable = "Silo__ConnectionString";

    /// <exception cref="SpeechException">It was not built.</exception>
    public static string Require()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("COSY_SILO"),
            Path.Combine(AppContext.BaseDirectory, Assembly),
            Path.Combine(AppContext.BaseDirectory, "..", "..", "Silo", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), Assembly),
        ];
        return places.FirstOrDefault(File.Exists) ?? throw new SpeechException(
            SpeechErrorKind.Configuration,
            "CLUSTER_NOT_BUILT",
            "The silo is not part of this build.",
            "Build it from a package source that holds Orleans: ./cosy --orleans=true cluster …");
    }

    /// <summary>Brings a database to the schema; prints what it did.</summary>
    public static async Task<int> InitializeAsync(string connection, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Require(), "init"]);
        start.Environment[ConnectionVariable] = connection;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
