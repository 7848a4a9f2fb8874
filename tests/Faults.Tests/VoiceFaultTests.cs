using System.Globalization;
using System.Net;
using System.Text.Json;
using CosyOrleans.Cli;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>The catalogue while a silo is lost: it is read all the time, also the voices whose grains lived there.</summary>
public sealed class VoiceFaultTests(ITestOutputHelper output)
{
    // With so many, every silo has grains of some of them.
    private const int Voices = 12;

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(15);

    [PostgresFact]
    public Task Freeze_WhileTheCatalogueIsRead_EveryVoiceAnswers() => LoseEachAsync((cluster, silo) => cluster.Freeze(silo));

    [PostgresFact]
    public Task Kill_WhileTheCatalogueIsRead_EveryVoiceAnswers() => LoseEachAsync((cluster, silo) => cluster.Kill(silo));

    private async Task LoseEachAsync(Action<FaultCluster, string> lose)
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 2);
        string[] ids = [.. Enumerable.Range(0, Voices).Select(i => $"v{i}")];
        var file = await File.ReadAllBytesAsync(Path.Combine(DefaultModel.Find()!, "spk2info.pt"));
        foreach (var id in ids)
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(file), "file", "spk2info.pt" }, { new StringContent("amy"), "voice" }, { new StringContent(id), "id" },
            };
            using var saved = await cluster.Client.PostAsync("/v1/audio/voices", form);
            Assert.Equal(HttpStatusCode.Created, saved.StatusCode);
        }

        foreach (var silo in cluster.Silos)
        {
            lose(cluster, silo);
            var lost = TimeProvider.System.GetTimestamp();
            var slowest = TimeSpan.Zero;
            while (TimeProvider.System.GetElapsedTime(lost) < Watched)
            {
                var begin = TimeProvider.System.GetTimestamp();
                await RequireAllAsync(cluster, ids);
                slowest = TimeProvider.System.GetElapsedTime(begin) is var took && took > slowest ? took : slowest;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{silo} lost: list and {Voices} voices took {slowest.TotalSeconds:0.0} s at most"));
            cluster.ThawAll();
            await cluster.WhenReadyAsync();
        }
    }

    private static async Task RequireAllAsync(FaultCluster cluster, string[] ids)
    {
        using var answer = await cluster.Client.GetAsync("/v1/audio/voices");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"the list: {answer.StatusCode} {text}");
        using var list = JsonDocument.Parse(text);
        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            list.RootElement.GetProperty("voices").EnumerateArray().Where(voice => voice.TryGetProperty("version", out _)).Select(voice => voice.GetProperty("id").GetString()));
        await Task.WhenAll(ids.Select(async id =>
        {
            using var found = await cluster.Client.GetAsync($"/v1/audio/voices/{id}");
            Assert.True(found.IsSuccessStatusCode, $"{id}: {found.StatusCode} {await found.Content.ReadAsStringAsync()}");
        }));
    }
}
