using CosyVoice.Engine;
using CosyVoice.Tests;

namespace CosyVoice.Torch.Tests;

/// <summary>The built-in voice, several streams at a time.</summary>
public sealed class SharedSpeechTests
{
    [Fact]
    public async Task SpeakAsync_InCompany_SameBitsAsAlone()
    {
        using var model = SpeechModel.Load(
            Repository.File("models/default"), new TorchBackend(TestDevice.Options() with { ChunkRows = 2, CachePositions = 4096 }));
        using var engine = new SpeechEngine(model);
        var alone = new List<float[]>();
        for (var seed = 1; seed <= 3; seed++)
        {
            alone.Add(await CollectAsync(engine, model, seed));
        }

        Assert.Equal(alone, await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => CollectAsync(engine, model, seed))));
    }

    private static async Task<float[]> CollectAsync(SpeechEngine engine, SpeechModel model, int seed)
    {
        var samples = new List<float>();
        var request = new SpeechRequest
        {
            Segments = model.Prepare("The weather is very nice."), Speaker = model.Speakers.Values.First(), Seed = seed, Streaming = true,
        };
        await foreach (var chunk in engine.SpeakAsync(request))
        {
            samples.AddRange(chunk.Samples.Span);
        }

        return [.. samples];
    }
}
