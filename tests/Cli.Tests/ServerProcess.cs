using System.Collections.Concurrent;
using System.Diagnostics;

namespace CosyOrleans.Cli.Tests;

/// <summary>cosy serve, on a port that the system chose.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private ServerProcess(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public int Id => _process.Id;

    /// <summary>Lines of its log since it was ready.</summary>
    public IReadOnlyCollection<string> Said => _said;

    /// <summary>Returns once it speaks.</summary>
    /// <param name="settings">As environment variables; null for none.</param>
    public static async Task<ServerProcess> StartAsync(CosyProcess cosy, string[] arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "cosy.dll");
        var start = new ProcessStartInfo("dotnet", [program, "serve", "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = cosy.Folder, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            string? address = null;
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                address ??= line.Split("Listening on ") is [_, var rest] ? rest.Split(';')[0] : null;
                if (address is not null && line.Contains(" is ready after ", StringComparison.Ordinal))
                {
                    var server = new ServerProcess(process, address);
                    _ = server.ListenAsync(); // A full pipe would stop it.
                    return server;
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

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _said.Enqueue(line);
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
