using System.Net;
using CosyOrleans.Tests;

namespace CosyOrleans.Faults.Product;

/// <summary>The cache of a frontend whose sounds are made by silos.</summary>
[Collection(nameof(ProductCluster))]
public sealed class CacheTests(ProductCluster product)
{
    [PostgresFact]
    public async Task Speech_AskedTwice_IsAHitOfTheSameBytesUntilItsVoiceChanges()
    {
        await SaveAsync("cached", "sft_spk");
        var (made, first) = await SpeakAsync("cached");
        var (again, second) = await SpeakAsync("cached");

        await SaveAsync("cached", "my_zero_shot_spk");
        var (changed, other) = await SpeakAsync("cached");
        var (changedAgain, otherAgain) = await SpeakAsync("cached");

        Assert.Equal(("miss", "hit", "miss", "hit"), (first, second, other, otherAgain));
        Assert.Equal(made, again);
        Assert.NotEqual(made, changed);
        Assert.Equal(changed, changedAgain);
    }

    [PostgresFact]
    public async Task Speech_OfAVoiceThatWasDeletedAndMadeAnew_IsNoHit()
    {
        await SaveAsync("reborn", "sft_spk");
        var (made, _) = await SpeakAsync("reborn");
        using (var deleted = await product.Cluster.Client.DeleteAsync("/v1/audio/voices/reborn"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await SaveAsync("reborn", "my_zero_shot_spk");
        var (other, _) = await SpeakAsync("reborn");

        Assert.NotEqual(made, other);
    }

    private async Task SaveAsync(string id, string voice)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(await File.ReadAllBytesAsync(ProductCluster.Voices)), "file", "spk2info.pt" },
            { new StringContent(voice), "voice" }, { new StringContent(id), "id" }, { new StringContent("cosyvoice3"), "model_kind" },
        };
        using var saved = await product.Cluster.Client.PostAsync("/v1/audio/voices", form);
        Assert.True(saved.StatusCode == HttpStatusCode.Created, await saved.Content.ReadAsStringAsync());
    }

    private async Task<(byte[] Sound, string Cache)> SpeakAsync(string voice)
    {
        using var answer = await product.Cluster.Client.PostAsJsonAsync(
            "/tts", new { text = "This was said before, word for word.", speaker_id = voice, seed = 5, format = "pcm" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadAsByteArrayAsync(), answer.Headers.GetValues("X-Cache").Single());
    }
}
