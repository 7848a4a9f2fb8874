using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Tests.Engine;

/// <summary>The built-in voice with stages whose results are no numbers now and then.</summary>
public sealed class NotFiniteTests : IDisposable
{
    private const int Bad = 5;
    private const int Good = 6;

    private static readonly SpeechModelParts Loaded = ModelLoader.Load(Repository.File("models/default"), new ProcessorBackend(threads: 2));

    private readonly FailingVocoder _vocoder = new(Loaded.Vocoder);
    private readonly SpeechModel _model;
    private readonly SpeechEngine _engine;

    public NotFiniteTests()
    {
        _model = new SpeechModel(new SpeechModelParts
        {
            Name = Loaded.Name, Kind = Loaded.Kind, LanguageModel = Loaded.LanguageModel, Sampler = new FailingSampler(Loaded.Sampler), Flow = Loaded.Flow,
            Vocoder = _vocoder, Tokenizer = Loaded.Tokenizer, Speakers = Loaded.Speakers, MixRatio = Loaded.MixRatio, Timing = Loaded.Timing,
        });
        _engine = new SpeechEngine(_model);
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task SpeakAsync_ScoresOfOne_EndThatSpeechAndNoOther()
    {
        var alone = await CollectAsync(Good);

        var (bad, good) = (CollectAsync(Bad), CollectAsync(Good));

        var error = await Assert.ThrowsAsync<NotFiniteNumberException>(() => bad);
        Assert.Contains("scores", error.Message, StringComparison.Ordinal);
        Assert.Equal(alone, await good);
    }

    [Fact]
    public async Task SpeakAsync_Samples_AreNotHeard()
    {
        _vocoder.Fails = true;

        var error = await Assert.ThrowsAsync<NotFiniteNumberException>(() => CollectAsync(Good));

        Assert.Contains("samples", error.Message, StringComparison.Ordinal);
        _vocoder.Fails = false;
        Assert.All(await CollectAsync(Good), sample => Assert.True(float.IsFinite(sample)));
    }

    private async Task<float[]> CollectAsync(int seed)
    {
        var samples = new List<float>();
        var request = new SpeechRequest
        {
            Segments = _model.Prepare("Good day."), Speaker = Loaded.Speakers.Values.First(), Seed = seed, Streaming = true,
        };
        await foreach (var chunk in _engine.SpeakAsync(request))
        {
            samples.AddRange(chunk.Samples.Span);
        }

        return [.. samples];
    }

    private sealed class FailingSampler(ITokenSampler inner) : ITokenSampler
    {
        public DrawnToken Sample(Span<float> scores, TokenDraw draw)
        {
            var isBad = draw.Decoded.Count == 4 && draw.Uniform(0) == CounterRandom.Uniform(Bad, segment: 0, step: 4, draw: 0);
            return isBad ? new(-1, 1) : inner.Sample(scores, draw);
        }
    }

    private sealed class FailingVocoder(IVocoder vocoder) : IVocoder
    {
        public bool Fails { get; set; }

        public int SampleRate => vocoder.SampleRate;

        public int HopLength => vocoder.HopLength;

        public VocoderReach Reach => vocoder.Reach;

        public IExcitation BeginExcitation(ExcitationNoise noise) => vocoder.BeginExcitation(noise);

        public float[] Decode(Tensor mel, ReadOnlySpan<float> excitation)
        {
            var samples = vocoder.Decode(mel, excitation);
            samples[^1] = Fails ? float.NaN : samples[^1];
            return samples;
        }

        public void Dispose()
        {
        }
    }
}
