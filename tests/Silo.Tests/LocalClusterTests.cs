using System.Diagnostics;
using CosyOrleans.Cli.Cluster;

using CosyOrleans.Tests;

namespace CosyOrleans.Silo.Tests;

/// <summary>cosy cluster as a user runs it, with real processes.</summary>
public sealed class LocalClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ClusterFolder _folder = new(Path.Combine(Path.GetTempPath(), $"cosy-cluster-{Guid.NewGuid():n}"));

    public Task InitializeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task Cluster_UpKillDown_RestartsWhatDiesAndStopsExactlyItsOwn()
    {
        var up = await RunAsync("up", "--silos", "2", "--frontends", "0");
        Assert.True(up.ExitCode == 0, up.Output);
        Assert.Equal(1, (await RunAsync("up")).ExitCode);
        var status = await RunAsync("status");
        Assert.True(status.ExitCode == 0, status.Output);
        Assert.Equal(["database", "silo-1", "silo-2", "supervisor"], status.Output.Split('\n')[..4].Select(line => line.Split(' ')[0]).Order());

        var silo = _folder.Members().Single(member => member.Member.Name == "silo-2");
        var killed = silo.Running!;
        MemberProcess.Signal(killed, "KILL");
        Assert.True(await Waiting.ForAsync(
            async token => silo.Running is { } running && running != killed && await MemberHealth.IsReadyAsync(silo.Member, token), Patience, default));

        var processes = _folder.Members().Append(_folder.Supervisor).Select(member => member.Running!).ToList();
        var down = await RunAsync("down");
        Assert.True(down.ExitCode == 0, down.Output);
        Assert.Contains("stopped silo-1, silo-2, database", down.Output, StringComparison.Ordinal);
        Assert.All(processes, process => Assert.False(process.IsAlive));
        Assert.Equal(1, (await RunAsync("status")).ExitCode);
    }

    public async Task DisposeAsync()
    {
        if (Directory.Exists(_folder.Data))
        {
            await new LocalCluster(_folder).DownAsync(default);
            Directory.Delete(_folder.Data, recursive: true);
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cosy.dll"), "cluster", .. arguments, "--data", _folder.Data])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove("COSY_SILO");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
