using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyVoice.Tests.Engine;

/// <summary>The built-in voice, spoken for real.</summary>
public sealed class SpeechEngineTests(BuiltInVoice voice) : IClassFixture<BuiltInVoice>
{
    private const string Text = "The weather is very nice this morning. We walk along the river.";

    [Fact]
    public async Task SpeakAsync_Streaming_ChunksFollowEachOther()
    {
        using var engine = new SpeechEngine(voice.Model);
        var next = 0L;
        var tokens = 0;
        await foreach (var chunk in engine.SpeakAsync(Request(1)))
        {
            Assert.Equal(next, chunk.SampleOffset);
            next += chunk.Samples.Length;
            tokens += chunk.SpeechTokens.Count;
        }

        Assert.True(next > voice.Model.SampleRate, $"{next} samples");
        Assert.Equal(next, 960L * tokens);
    }

    [Theory]
    [InlineData(true, 1.0)]
    [InlineData(true, 1.3)]
    [InlineData(false, 1.0)]
    public async Task SpeakAsync_AmongSevenOthers_GivesTheSameSamples(bool streaming, double speed)
    {
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(7) with { Streaming = streaming, Speed = speed };
        var alone = await Collect(engine, request);

        var others = Enumerable.Range(1, 7).Select(i => Collect(engine, Request(100 + i, voice.Speakers[i % voice.Speakers.Count]) with { Streaming = i % 2 == 0 }));
        var results = await Task.WhenAll([Collect(engine, request), .. others]);

        Assert.Equal(alone, results[0]);
        Assert.Equal(results.Length, results.Select(samples => samples.Length == 0 ? 0 : samples.Take(20000).Sum(Math.Abs)).Distinct().Count());
    }

    [Fact]
    public async Task SpeakAsync_OtherSeed_GivesOtherSamples()
    {
        using var engine = new SpeechEngine(voice.Model);

        Assert.NotEqual(await Collect(engine, Request(1)), await Collect(engine, Request(2)));
    }

    [Fact]
    public async Task SpeakAsync_FasterSpeed_GivesAboutAsManyFewerSamples()
    {
        using var engine = new SpeechEngine(voice.Model);
        var normal = await Collect(engine, Request(1));

        var fast = await Collect(engine, Request(1) with { Speed = 2 });

        Assert.InRange(fast.Length / (double)normal.Length, 0.48, 0.52); // Each segment loses less than one frame.
    }

    [Fact]
    public async Task SpeakAsync_ListenerLeaves_OthersGoOnAndTheEngineIsFree()
    {
        using var engine = new SpeechEngine(voice.Model, new() { MaximumBatch = 1 });
        await foreach (var chunk in engine.SpeakAsync(Request(1)))
        {
            break;
        }

        // With room for one request, this only ends if the one above was dropped.
        Assert.NotEmpty(await Collect(engine, Request(2)));
    }

    [Fact]
    public async Task SpeakAsync_Cancelled_Throws()
    {
        using var engine = new SpeechEngine(voice.Model);
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var chunk in engine.SpeakAsync(Request(1), cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task Dispose_WhileSpeaking_EndsTheListenerWithAnError()
    {
        var engine = new SpeechEngine(voice.Model);
        var endless = Request(1) with { Segments = [.. Enumerable.Repeat(Request(1).Segments, 500).SelectMany(segments => segments)] };

        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (var chunk in engine.SpeakAsync(endless))
            {
                engine.Dispose();
            }
        });
    }

    [Fact]
    public async Task SpeakAsync_RequestThatFails_LeavesOthersUnharmed()
    {
        using var engine = new SpeechEngine(voice.Model);
        var expected = await Collect(engine, Request(1));
        var broken = Request(2, voice.Speakers[0] with { Embedding = new float[7] });

        var good = Collect(engine, Request(1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Collect(engine, broken));

        Assert.Equal(expected, await good);
    }

    [Fact]
    public async Task SpeakAsync_UnknownTextId_NamesTheRange()
    {
        using var engine = new SpeechEngine(voice.Model);
        var broken = Request(2) with { Segments = [new TextSegment("?", [2496])] };

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Collect(engine, broken));

        Assert.Contains("0 to 2495", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.49)]
    [InlineData(2.01)]
    [InlineData(double.NaN)]
    public async Task SpeakAsync_SpeedOutOfRange_Throws(double speed)
    {
        using var engine = new SpeechEngine(voice.Model);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Collect(engine, Request(1) with { Speed = speed }));
    }

    private SpeechRequest Request(int seed, Speaker? speaker = null) => new()
    {
        Segments = voice.Model.Prepare(Text),
        Speaker = speaker ?? voice.Speakers[0],
        Seed = seed,
    };

    private static async Task<float[]> Collect(SpeechEngine engine, SpeechRequest request)
    {
        var samples = new List<float>();
        await foreach (var chunk in engine.SpeakAsync(request))
        {
            samples.AddRange(chunk.Samples.Span);
        }

        return [.. samples];
    }
}

/// <summary>The model of the repository, loaded once.</summary>
public sealed class BuiltInVoice : IDisposable
{
    public SpeechModel Model { get; } = SpeechModel.Load(Repository.File("models/default"), threads: 2);

    public IReadOnlyList<Speaker> Speakers => [.. Model.Speakers.Values];

    public void Dispose() => Model.Dispose();
}
