using System.Globalization;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>Three silos, twenty-four listeners, and one silo is lost while it speaks: nobody misses a sample or hears one twice.</summary>
public sealed class SpeechFaultTests(ITestOutputHelper output)
{
    private const int Listeners = 24;

    private static readonly string[] Voices = ["amy", "ben", "dan", "eve"];

    [PostgresFact]
    public Task Kill_WhileSpeaking_EveryListenerHearsEverySampleOnce() => LoseSilosAsync((cluster, silo) => cluster.Kill(silo));

    [PostgresFact]
    public Task Freeze_WhileSpeaking_EveryListenerHearsEverySampleOnce() => LoseSilosAsync((cluster, silo) => cluster.Freeze(silo));

    private async Task LoseSilosAsync(Action<FaultCluster, string> lose)
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 3);
        var undisturbed = await ListenAllAsync(cluster, _ => { });
        Report("undisturbed", undisturbed);
        for (var round = 0; round < FaultCluster.Rounds; round++)
        {
            var silo = cluster.Silos[round % cluster.Silos.Count];
            var disturbed = await ListenAllAsync(cluster, _ => lose(cluster, silo));
            Report($"round {round + 1}, {silo} lost", disturbed);
            for (var i = 0; i < Listeners; i++)
            {
                Assert.Equal(undisturbed[i].Heard.Length, disturbed[i].Heard.Length);
                Assert.True(undisturbed[i].Heard.AsSpan().SequenceEqual(disturbed[i].Heard), $"listener {i} heard something else");
            }

            cluster.Thaw(silo);
            await cluster.WhenReadyAsync();
        }
    }

    /// <summary>The fault comes when half of the listeners have heard something.</summary>
    private static async Task<Listener[]> ListenAllAsync(FaultCluster cluster, Action<int> fault)
    {
        Listener[] listeners = [.. Enumerable.Range(0, Listeners).Select(i => new Listener(cluster.Client, Text(i), Voices[i % Voices.Length], 1000 + i))];
        Task[] listening = [.. listeners.Select(listener => listener.ListenAsync())];
        var first = listeners.Select(listener => listener.FirstSound).ToList();
        while (first.Count > Listeners / 2)
        {
            var heard = await Task.WhenAny(first);
            await heard;
            first.Remove(heard);
        }

        fault(0);
        await Task.WhenAll(listening);
        return listeners;
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
