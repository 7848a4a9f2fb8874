using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Grains.Tests.Synthesis;

public sealed class ClusterSynthesisTests
{
    private const string Text = "one two three four five six. seven eight nine ten.";

    [Fact]
    public async Task SpeakAsync_TwoSilos_SamplesAreThoseOfOneProcess()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        await using var speech = await cluster.Synthesis.SpeakAsync(Request(7), default);
        var samples = await ReadAsync(speech);

        Assert.Equal(new SpeechDetails(speech.Details.TaskId, "amy", 7, 24000), speech.Details);
        Assert.Equal(new ToneModel().Expected(Text, "amy", 7), samples);
    }

    private static SpeakRequest Request(int seed) => new() { Text = Text, SpeakerId = "amy", Seed = seed };

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
