using System.Globalization;
using System.Text.Json;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>The catalogue while a silo is lost: it is read all the time, also the voices whose grains lived there.</summary>
public sealed class VoiceFaultTests(SavedVoices voices, ITestOutputHelper output) : IClassFixture<SavedVoices>
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(15);

    // Shorter than anything that a loss leaves undone, and long enough to leave the processors to others.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    [PostgresFact]
    public Task Freeze_WhileTheCatalogueIsRead_EveryVoiceAnswers() => LoseEachAsync((cluster, silo) => cluster.Freeze(silo));

    [PostgresFact]
    public Task Kill_WhileTheCatalogueIsRead_EveryVoiceAnswers() => LoseEachAsync((cluster, silo) => cluster.Kill(silo));

    private async Task LoseEachAsync(Action<FaultCluster, string> lose)
    {
        var cluster = voices.Cluster;
        foreach (var silo in cluster.Silos)
        {
            lose(cluster, silo);
            var lost = TimeProvider.System.GetTimestamp();
            var slowest = TimeSpan.Zero;
            while (TimeProvider.System.GetElapsedTime(lost) < Watched)
            {
                var begin = TimeProvider.System.GetTimestamp();
                await RequireAllAsync(cluster);
                slowest = TimeProvider.System.GetElapsedTime(begin) is var took && took > slowest ? took : slowest;
                await Task.Delay(BetweenLooks);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{silo} lost: list and {SavedVoices.Ids.Length} voices took {slowest.TotalSeconds:0.0} s at most"));
            cluster.ThawAll();
            await cluster.WhenReadyAsync();
        }
    }

    private static async Task RequireAllAsync(FaultCluster cluster)
    {
        using var answer = await cluster.Client.GetAsync("/v1/audio/voices");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"the list: {answer.StatusCode} {text}");
        using var list = JsonDocument.Parse(text);
        Assert.Equal(
            SavedVoices.Ids.Order(StringComparer.Ordinal),
            list.RootElement.GetProperty("voices").EnumerateArray().Where(voice => voice.TryGetProperty("version", out _)).Select(voice => voice.GetProperty("id").GetString()));
        await Task.WhenAll(SavedVoices.Ids.Select(async id =>
        {
            using var found = await cluster.Client.GetAsync($"/v1/audio/voices/{id}");
            Assert.True(found.IsSuccessStatusCode, $"{id}: {found.StatusCode} {await found.Content.ReadAsStringAsync()}");
        }));
    }
}
