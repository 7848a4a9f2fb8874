using System.Diagnostics;

namespace CosyOrleans.Cli.Tests;

/// <summary>cosy serve, on a port that the system chose.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private ServerProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Returns once it speaks.</summary>
    public static async Task<ServerProcess> StartAsync(CosyProcess cosy, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "cosy.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = cosy.Folder, RedirectStandardOutput = true,
        })!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            string? address = null;
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                address ??= line.Split("Listening on ") is [_, var rest] ? rest.Split(';')[0] : null;
                if (address is not null && line.Contains(" is ready after ", StringComparison.Ordinal))
                {
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // A full pipe would stop it.
                    return new ServerProcess(process, address);
                }
            }

            throw new InvalidOperationException($"cosy serve ended with {process.ExitCode}.");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
