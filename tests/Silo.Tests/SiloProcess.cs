using System.Diagnostics;
using System.Text;
using CosyOrleans.Cli;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Silo.Tests;

/// <summary>A silo as it runs in production: its assembly, started as a process.</summary>
internal sealed class SiloProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly int _port = LocalCluster.FreePorts(1)[0];

    public SiloProcess(string connection)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CosyOrleans.Silo.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Silo__ConnectionString"] = connection;
        start.Environment["Silo__Model"] = DefaultModel.Find();
        start.Environment["Silo__SiloPort"] = "0";
        start.Environment["Silo__GatewayPort"] = "0";
        start.Environment["Silo__HttpPort"] = $"{_port}";
        start.Environment["Silo__Threads"] = "1";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async Task WhenSaidAsync(string part) =>
        Assert.True(await Waiting.ForAsync(() => Output.Contains(part, StringComparison.Ordinal), Patience, default), Output);

    public async Task WhenReadyAsync() => Assert.True(await Waiting.ForAsync(IsReadyAsync, Patience, default), Output);

    public Task<string> GetAsync(string path) => Http.GetStringAsync($"http://127.0.0.1:{_port}{path}");

    public async Task<int> StopAsync()
    {
        MemberProcess.Signal(ProcessIdentity.Of(_process.Id)!, "TERM");
        return await WhenEndedAsync();
    }

    public async Task<int> WhenEndedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync($"http://127.0.0.1:{_port}/readyz", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
