using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Tests.Voices;

public sealed class CatalogueFailoverTests
{
    private const string Text = "one two three four five six. seven eight nine ten.";

    [Fact]
    public async Task SpeakAsync_WorkerFailsAfterANewVersionWasSaved_AnotherGoesOnWithTheOldOne()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var voices = cluster.Frontend.GetRequiredService<IVoices>();
        await voices.SaveAsync(TestVoices.Plain("eva", 1), default);
        var broken = new TaskCompletionSource();
        var begun = 0;
        foreach (var silo in cluster.Silos)
        {
            // Whoever begins breaks in the middle, once the test says so; whoever goes on does not.
            silo.Model.BeforeChunk = async (input, chunk, token) =>
            {
                if (chunk == 0 && Interlocked.Increment(ref begun) == 1)
                {
                    silo.Model.BeforeChunk = async (_, next, stop) =>
                    {
                        if (next == 3)
                        {
                            await broken.Task.WaitAsync(stop);
                            throw new InvalidOperationException("The device was lost.");
                        }
                    };
                }

                await Task.CompletedTask;
            };
        }

        await using var speech = await cluster.Synthesis.SpeakAsync(new() { Text = Text, SpeakerId = "eva", Seed = 7 }, default);
        await voices.SaveAsync(TestVoices.Plain("eva", 2), default);
        broken.SetResult();
        var samples = await ReadAsync(speech);

        Assert.Equal(("eva", 1), (speech.Details.VoiceId, speech.Details.VoiceVersion));
        Assert.Equal(new ToneModel().Expected(Text, "eva", 7, speaker: TestVoices.Plain("eva", 1).Content), samples);
        Assert.All(cluster.Silos, silo => Assert.True(silo.Model.Begun > 2, "both silos spoke, beyond their warm-up"));
        await using var next = await cluster.Synthesis.SpeakAsync(new() { Text = Text, SpeakerId = "eva", Seed = 7 }, default);
        Assert.Equal(2, next.Details.VoiceVersion);
    }

    [Fact]
    public async Task SpeakAsync_VoiceOfTheCatalogue_IsReportedByTheWorkerThatHoldsIt()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.Frontend.GetRequiredService<IVoices>().SaveAsync(TestVoices.Plain("eva"), default);

        await using var speech = await cluster.Synthesis.SpeakAsync(new() { Text = Text, SpeakerId = "eva", Seed = 7 }, default);
        var worker = Assert.Single(cluster.Frontend.GetRequiredService<WorkerDirectory>().Workers);

        await Eventually.Async(() => worker.Holds("eva"), "the worker says that it holds the voice");
        Assert.Equal(["amy", "ben"], worker.Status!.BuiltInVoices);
    }

    [Fact]
    public async Task SpeakAsync_UnknownOrDeletedVoice_IsNamed()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var voices = cluster.Frontend.GetRequiredService<IVoices>();
        await voices.SaveAsync(TestVoices.Plain("eva"), default);
        await using (await cluster.Synthesis.SpeakAsync(new() { Text = Text, SpeakerId = "eva", Seed = 7 }, default))
        {
            await voices.DeleteAsync("eva", default);
        }

        foreach (var id in (string[])["zoe", "eva", "../eva"])
        {
            var e = await Assert.ThrowsAsync<SpeechException>(() => cluster.Synthesis.SpeakAsync(new() { Text = Text, SpeakerId = id }, default));
            Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceUnknown), (e.Kind, e.Code));
        }
    }

    private static async Task<short[]> ReadAsync(Speech speech)
    {
        List<short> samples = [];
        await foreach (var frame in speech.Frames)
        {
            Assert.Equal(samples.Count, frame.SampleOffset);
            samples.AddRange(frame.Samples.Span);
        }

        return [.. samples];
    }
}
