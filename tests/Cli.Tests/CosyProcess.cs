using System.Diagnostics;

namespace CosyOrleans.Cli.Tests;

/// <summary>The command as a user starts it, in a folder of its own.</summary>
internal sealed class CosyProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public CosyProcess() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"cosy-{Guid.NewGuid():n}");

    /// <summary>A folder of the repository's fixtures.</summary>
    public static string Fixture(string name) => Path.GetFullPath(Path.Combine(DefaultModel.Find()!, "../../tests/fixtures", name));

    public string File(string name) => Path.Combine(Folder, name);

    public bool Exists(string name) => System.IO.File.Exists(File(name));

    public async Task<Result> RunAsync(string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cosy.dll"), .. arguments])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        var copied = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        await copied;
        return new Result(process.ExitCode, output.ToArray(), await errors);
    }

    /// <summary>Starts it, waits for the condition, and ends it as a power failure would.</summary>
    public async Task KillWhenAsync(string[] arguments, Func<bool> reached)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cosy.dll"), .. arguments])
        {
            WorkingDirectory = Folder, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (!reached() && !process.HasExited)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), patience.Token);
        }

        process.Kill();
        await process.WaitForExitAsync(patience.Token);
        await errors;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public sealed record Result(int ExitCode, byte[] Output, string Errors);
}
