using System.Globalization;
using CosyOrleans.Cli.Cluster;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>A silo is lost while it speaks: nobody misses a sample or hears one twice.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class SpeechFaultTests(ThreeSilos silos, ITestOutputHelper output)
{
    private const int MostRounds = 5;

    [PostgresFact]
    public Task Kill_WhileSpeaking_EveryListenerHearsEverySampleOnce() =>
        LoseSilosAsync("kill", (cluster, silo) => cluster.Kill(silo), (_, _) => { }, isCut: true);

    [PostgresFact]
    public Task Freeze_WhileSpeaking_EveryListenerHearsEverySampleOnce() =>
        LoseSilosAsync("freeze", (cluster, silo) => cluster.Freeze(silo), (cluster, silo) => cluster.Kill(silo), isCut: true);

    [PostgresFact]
    public Task Stop_WhileSpeaking_EveryListenerHearsEverySampleOnce() =>
        LoseSilosAsync("stop", (cluster, silo) => cluster.Stop(silo), (_, _) => { }, isCut: false);

    [PostgresFact]
    public async Task Drain_WhileSpeaking_EmptiesTheSiloAndNobodyNotices()
    {
        var undisturbed = await silos.UndisturbedAsync();
        var cluster = await silos.ReadyAsync();
        var (silo, drained) = ("", Task.CompletedTask);

        Audience.AssertSame(undisturbed, await Audience.ListenAsync(cluster, "drain", async () =>
        {
            silo = await cluster.BusiestAsync();
            drained = cluster.DrainAsync(silo);
        }));

        await drained;
        Audience.AssertSame(undisturbed, await Audience.ListenAsync(cluster, "drained", async () => Assert.Equal(0, await cluster.RunningAsync(silo, default))));
        await cluster.ResumeAsync(silo);
        await cluster.WhenReadyAsync();
        await Audience.SpeakOnWhileAsync(cluster, () => RequireWorkAsync(cluster, silo));
    }

    [PostgresFact]
    public async Task Drain_FrontendThatDoesNotAnswer_SaysSo()
    {
        var cluster = await silos.ReadyAsync();
        cluster.Freeze(cluster.Frontend);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.DrainAsync("nobody")); // It hears of it later.

        Assert.Contains("FRONTEND_NOT_REACHED", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Database_RestartedWhileSpeaking_NobodyNotices()
    {
        var undisturbed = await silos.UndisturbedAsync();
        var cluster = await silos.ReadyAsync();

        var disturbed = await Audience.ListenAsync(cluster, "database", () =>
        {
            cluster.Kill(cluster.Database);
            return Task.CompletedTask;
        });

        Audience.AssertSame(undisturbed, disturbed);
        await cluster.WhenReadyAsync();
        Audience.AssertSame(undisturbed, await Audience.ListenAsync(cluster, "database-back"));
    }

    internal static async Task RequireWorkAsync(FaultCluster cluster, string silo) => Assert.True(
        await Waiting.ForAsync(async token => await cluster.RunningAsync(silo, token) > 0, FaultCluster.Patience, default), $"{silo} gets no work");

    /// <param name="lose">What happens to a silo.</param>
    /// <param name="end">What happens to it when all have listened to the end.</param>
    /// <param name="isCut">Whether somebody must have heard it begin who hears another go on.</param>
    private async Task LoseSilosAsync(string fault, Action<FaultCluster, string> lose, Action<FaultCluster, string> end, bool isCut)
    {
        var undisturbed = await silos.UndisturbedAsync();
        Report("undisturbed", undisturbed);
        var cluster = await silos.ReadyAsync();
        var cut = 0;
        for (var round = 1; round <= Rounds.Count || (isCut && cut == 0 && round <= MostRounds); round++)
        {
            var (name, silo) = ($"{fault}-{round}", "");
            var disturbed = await Audience.ListenAsync(cluster, name, async () => lose(cluster, silo = await cluster.BusiestAsync()));
            Report($"{name}, {silo} lost, {Audience.Cut(cluster, name)} cut", disturbed);
            Audience.AssertSame(undisturbed, disturbed);
            cut += Audience.Cut(cluster, name);
            end(cluster, silo);
            await cluster.WhenReadyAsync();
        }

        Assert.True(cut > 0 || !isCut, "Nobody was cut off in the middle.");
    }

    private void Report(string what, Listener[] listeners)
    {
        var gaps = listeners.Select(listener => listener.LongestGap.TotalMilliseconds).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: longest gap of a listener, median {gaps[gaps.Length / 2]:0} ms, largest {gaps[^1]:0} ms"));
    }
}
