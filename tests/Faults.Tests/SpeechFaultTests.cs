using System.Globalization;
using System.Net;
using CosyOrleans.Cli.Cluster;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>Three silos, twelve listeners (twenty-four when only this is tested), and one silo is lost while it speaks: nobody misses a sample or hears one twice.</summary>
public sealed class SpeechFaultTests(ITestOutputHelper output)
{
    private static readonly int Listeners = Rounds.IsThorough ? 24 : 12;

    private static readonly string[] Voices = ["amy", "ben", "dan", "eve"];

    [PostgresFact]
    public Task Kill_WhileSpeaking_EveryListenerHearsEverySampleOnce() => LoseSilosAsync((cluster, silo) => cluster.Kill(silo), (_, _) => { });

    [PostgresFact]
    public Task Freeze_WhileSpeaking_EveryListenerHearsEverySampleOnce() =>
        LoseSilosAsync((cluster, silo) => cluster.Freeze(silo), (cluster, silo) => cluster.Kill(silo));

    [PostgresFact]
    public Task Stop_WhileSpeaking_EveryListenerHearsEverySampleOnce() => LoseSilosAsync((cluster, silo) => cluster.Stop(silo), (_, _) => { });

    [PostgresFact]
    public async Task Drain_WhileSpeaking_EmptiesTheSiloAndNobodyNotices()
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 2);
        var undisturbed = await ListenAllAsync(cluster, () => { });
        var silo = cluster.Silos[0];
        var drained = Task.CompletedTask;

        AssertSame(undisturbed, await ListenAllAsync(cluster, () => drained = cluster.DrainAsync(silo)));

        await drained;
        await ListenAllAsync(cluster, () => Assert.Equal(0, cluster.RunningAsync(silo, default).Result));
        await cluster.ResumeAsync(silo);
        await cluster.WhenReadyAsync();
        var worked = false;
        AssertSame(undisturbed, await ListenAllAsync(cluster, () => worked = cluster.RunningAsync(silo, default).Result > 0));
        Assert.True(worked);
    }

    [PostgresFact]
    public async Task Database_RestartedWhileSpeaking_NobodyNotices()
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 2);
        var undisturbed = await ListenAllAsync(cluster, () => { });

        var disturbed = await ListenAllAsync(cluster, () => cluster.Kill(cluster.Database));

        AssertSame(undisturbed, disturbed);
        await cluster.WhenReadyAsync();
        AssertSame(undisturbed, await ListenAllAsync(cluster, () => { }));
    }

    [PostgresFact]
    public async Task Silo_AddedUnderLoad_TakesWorkAtOnce()
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 1);
        using var enough = new CancellationTokenSource();
        var speaking = Enumerable.Range(0, Listeners).Select(i => SpeakOnAsync(cluster, i, enough.Token)).ToArray();

        await cluster.AddSiloAsync();

        var added = cluster.Silos[^1];
        var ready = TimeProvider.System.GetTimestamp();
        Assert.True(await Waiting.ForAsync(async token => await cluster.RunningAsync(added, token) > 0, TimeSpan.FromMinutes(1), default));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{added} had work {TimeProvider.System.GetElapsedTime(ready).TotalSeconds:0.0} s after it was ready"));
        await enough.CancelAsync();
        await Task.WhenAll(speaking);
    }

    /// <param name="lose">What happens to a silo.</param>
    /// <param name="end">What happens to it when all have listened to the end.</param>
    private async Task LoseSilosAsync(Action<FaultCluster, string> lose, Action<FaultCluster, string> end)
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 3);
        var undisturbed = await ListenAllAsync(cluster, () => { });
        Report("undisturbed", undisturbed);
        for (var round = 0; round < Rounds.Count; round++)
        {
            var silo = cluster.Silos[round % cluster.Silos.Count];
            var disturbed = await ListenAllAsync(cluster, () => lose(cluster, silo));
            Report($"round {round + 1}, {silo} lost", disturbed);
            AssertSame(undisturbed, disturbed);
            end(cluster, silo);
            await cluster.WhenReadyAsync();
        }
    }

    private static async Task<Listener[]> ListenAllAsync(FaultCluster cluster, Action fault)
    {
        Listener[] listeners = [.. Enumerable.Range(0, Listeners).Select(i => new Listener(cluster.Client, Text(i), Voices[i % Voices.Length], 1000 + i))];
        await Listener.ListenAllAsync(listeners, fault);
        return listeners;
    }

    private static void AssertSame(Listener[] undisturbed, Listener[] disturbed)
    {
        for (var i = 0; i < Listeners; i++)
        {
            Assert.Equal(undisturbed[i].Heard.Length, disturbed[i].Heard.Length);
            Assert.True(undisturbed[i].Heard.AsSpan().SequenceEqual(disturbed[i].Heard), $"listener {i} heard something else");
        }
    }

    private static async Task SpeakOnAsync(FaultCluster cluster, int i, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using var answer = await cluster.Client.PostAsJsonAsync(
                "/tts", new { text = Text(i), speaker_id = Voices[i % Voices.Length], seed = 1000 + i }, CancellationToken.None);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}");
        }
    }

    private static string Text(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"This is listener number {i}, and nothing of what is said here may be lost. The weather is very nice this morning, is it not?");

    private void Report(string what, Listener[] listeners)
    {
        var gaps = listeners.Select(listener => listener.LongestGap.TotalMilliseconds).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: longest gap of a listener, median {gaps[gaps.Length / 2]:0} ms, largest {gaps[^1]:0} ms"));
    }
}
