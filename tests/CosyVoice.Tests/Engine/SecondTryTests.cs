using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

/// <summary>The built-in voice with a sampler that goes round in circles in the first segment, as long as it draws the request's own numbers.</summary>
public sealed class SecondTryTests : IDisposable
{
    private const int Seed = 5;

    private static readonly SpeechModelParts Loaded = ModelLoader.Load(Repository.File("models/default"), new ProcessorBackend(threads: 2));

    private readonly GoingRound _sampler = new(Loaded.Sampler, Loaded.LanguageModel.StopIds[0]);
    private readonly SpeechModel _model;
    private readonly SpeechEngine _engine;

    public SecondTryTests()
    {
        _model = new SpeechModel(new SpeechModelParts
        {
            Name = Loaded.Name, Kind = Loaded.Kind, LanguageModel = Loaded.LanguageModel, Sampler = _sampler, Flow = Loaded.Flow, Vocoder = Loaded.Vocoder,
            Tokenizer = Loaded.Tokenizer, Speakers = Loaded.Speakers, MixRatio = Loaded.MixRatio, Timing = Loaded.Timing,
        });
        _engine = new SpeechEngine(_model);
    }

    public void Dispose() => _engine.Dispose();

    private SpeechRequest Request => new()
    {
        Segments = [.. _model.Prepare("The weather is very nice this morning."), .. _model.Prepare("We walk along the river.")],
        Speaker = Loaded.Speakers.Values.First(), Seed = Seed, Streaming = false, Check = true,
    };

    [Fact]
    public async Task SpeakAsync_ASegmentThatGoesRound_IsDecodedOnceMore()
    {
        var chunks = await CollectAsync(Request);
        var plain = await CollectAsync(Request with { Check = false });

        Assert.Equal([(true, SpeechFault.None), (false, SpeechFault.None)], chunks.Select(chunk => (chunk.Ended!.IsSecondTry, chunk.Ended.Fault)));
        Assert.Equal(GoingRound.Length, plain[0].SpeechTokens.Count);
        Assert.NotEqual(plain[0].SpeechTokens[0], chunks[0].SpeechTokens[0]);
        Assert.Equal(plain[1].Samples.ToArray(), chunks[1].Samples.ToArray());
        Assert.Equal(["The weather is very nice this morning.", "We walk along the river."], chunks.Select(chunk => chunk.Ended!.Text));
    }

    [Fact]
    public async Task SpeakAsync_AgainAndAmongOthers_GivesTheSame()
    {
        var alone = await CollectAsync(Request);

        var together = await Task.WhenAll(
            CollectAsync(Request), CollectAsync(Request with { Seed = 6 }), CollectAsync(Request with { Streaming = true, Seed = 7 }));

        Assert.Equal(alone.Select(chunk => chunk.Samples.ToArray()), together[0].Select(chunk => chunk.Samples.ToArray()));
    }

    [Fact]
    public async Task SpeakAsync_BothTriesWrong_KeepsTheBetterAndSaysSo()
    {
        _sampler.Always = true;

        var chunk = (await CollectAsync(Request))[0];

        Assert.Equal((false, SpeechFault.Repeating), (chunk.Ended!.IsSecondTry, chunk.Ended.Fault));
        Assert.Equal(GoingRound.Length, chunk.SpeechTokens.Count);
    }

    [Fact]
    public async Task SpeakAsync_Streaming_OnlyReports()
    {
        var chunks = await CollectAsync(Request with { Streaming = true });
        var plain = await CollectAsync(Request with { Streaming = true, Check = false });

        var ends = chunks.Where(chunk => chunk.Ended is not null).ToList();
        Assert.Equal([(0, SpeechFault.Repeating, false), (1, SpeechFault.None, false)], ends.Select(chunk => (chunk.Segment, chunk.Ended!.Fault, chunk.Ended.IsSecondTry)));
        Assert.Equal(plain.SelectMany(chunk => chunk.Samples.ToArray()), chunks.SelectMany(chunk => chunk.Samples.ToArray()));
    }

    private async Task<List<AudioChunk>> CollectAsync(SpeechRequest request)
    {
        List<AudioChunk> chunks = [];
        await foreach (var chunk in _engine.SpeakAsync(request))
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    private sealed class GoingRound(ITokenSampler inner, int stop) : ITokenSampler
    {
        public const int Length = 100;

        /// <summary>Whatever the numbers are.</summary>
        public bool Always { get; set; }

        public DrawnToken Sample(Span<float> scores, TokenDraw draw)
        {
            var count = draw.Decoded.Count;
            var isFirst = draw.Uniform(0) == CounterRandom.Uniform(Seed, segment: 0, count, draw: 0);
            return !isFirst && !Always ? inner.Sample(scores, draw)
                : new(count < Length ? count % 12 : stop, 1);
        }
    }
}
