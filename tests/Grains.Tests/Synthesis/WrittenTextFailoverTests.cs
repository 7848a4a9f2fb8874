using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Grains.Tests.Synthesis;

public sealed class WrittenTextFailoverTests
{
    private const string Text = "one two three four five six";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Speak_SiloLostWhileTheTextIsWritten_NothingOfItIsHeard()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var lost = cluster.Silos[1]; // The other is the frontend's gateway.
        var (speech, text) = await BeginAsync(cluster, lost);
        await using var frames = speech.Frames.GetAsyncEnumerator();
        List<short> heard = [];
        await HearAsync(2);

        await lost.KillAsync();
        text.Append("three four");
        await HearAsync(3);
        text.Append(" five six");
        text.Complete();
        await HearAsync(6);

        Assert.False(await frames.MoveNextAsync());
        Assert.Equal(new ToneModel().ExpectedWritten(Text, "ben", speech.Details.Seed), heard);
        await speech.DisposeAsync();

        async Task HearAsync(int words)
        {
            while (heard.Count < 2400 * words)
            {
                Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Patience));
                heard.AddRange(frames.Current.Samples.Span);
            }
        }
    }

    /// <summary>A speech that the silo makes.</summary>
    private static async Task<(Speech Speech, TextInput Text)> BeginAsync(TestCluster cluster, TestSilo silo)
    {
        for (var seed = 1; seed < 100; seed++)
        {
            var text = new TextInput();
            text.Append("one two ");
            var request = new SpeakRequest { TextInput = text, SpeakerId = "ben", Seed = seed };
            var speech = await cluster.Synthesis.SpeakAsync(request, default).WaitAsync(Patience);
            if (silo.Model.Active == 1)
            {
                return (speech, text);
            }

            await speech.DisposeAsync();
        }

        throw new InvalidOperationException("No speech was made by the second silo.");
    }
}
