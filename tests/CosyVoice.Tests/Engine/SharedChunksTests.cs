using System.Collections.Concurrent;
using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Tests.Engine;

/// <summary>The built-in voice with a flow and a vocoder that take several requests in a call, as those on a GPU do.</summary>
public sealed class SharedChunksTests : IDisposable
{
    private static readonly SpeechModelParts Loaded = ModelLoader.Load(Repository.File("models/default"), new ProcessorBackend(threads: 2));

    private readonly SharingFlow _flow = new(Loaded.Flow);
    private readonly SharingVocoder _vocoder = new(Loaded.Vocoder);
    private readonly SpeechModel _model;
    private readonly SpeechEngine _engine;

    public SharedChunksTests()
    {
        _model = new SpeechModel(new SpeechModelParts
        {
            Name = Loaded.Name, Kind = Loaded.Kind, LanguageModel = Loaded.LanguageModel, Sampler = Loaded.Sampler, Flow = _flow, Vocoder = _vocoder,
            Tokenizer = Loaded.Tokenizer, Speakers = Loaded.Speakers, MixRatio = Loaded.MixRatio, Timing = Loaded.Timing,
        });
        _engine = new SpeechEngine(_model);
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task SpeakAsync_SeveralStreams_ShareCallsAndSoundAsAlone()
    {
        var alone = new List<float[]>();
        for (var seed = 1; seed <= 4; seed++)
        {
            alone.Add(await CollectAsync(seed));
        }

        _flow.Calls.Clear();
        _vocoder.Calls.Clear();
        var together = await Task.WhenAll(Enumerable.Range(1, 4).Select(seed => CollectAsync(seed)));

        Assert.Equal(alone, together);
        Assert.Contains(_flow.Calls, requests => requests > 1);
        Assert.All(_flow.Calls, requests => Assert.InRange(requests, 1, SharingFlow.Size));
        Assert.Contains(_vocoder.Calls, call => call.Passages > 1);
        Assert.All(_vocoder.Calls, call => Assert.InRange(call.Passages, 1, _vocoder.BatchSizeOf(call.Frames)));
    }

    [Fact]
    public async Task SpeakAsync_TheFlowFails_EndsThoseOfTheCallAndTheEngineGoesOn()
    {
        _flow.Fails = true;
        var results = await Task.WhenAll(Enumerable.Range(1, 3).Select(async seed =>
            await Record.ExceptionAsync(() => CollectAsync(seed))));
        Assert.All(results, error => Assert.IsType<OutOfMemoryException>(error));

        _flow.Fails = false;
        Assert.NotEmpty(await CollectAsync(1));
    }

    [Fact]
    public async Task SpeakAsync_TheVocoderFails_EndsThoseOfTheCallAndNoOther()
    {
        var alone = await CollectAsync(seed: 1);
        HashSet<int> lengths = [.. _vocoder.Calls.Select(call => call.Frames)];

        // A flow's call may carry both; faster speech is shorter.
        _vocoder.Fails = frames => !lengths.Contains(frames);
        var failing = Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => await Record.ExceptionAsync(() => CollectAsync(seed: 1, speed: 1.3))));
        var going = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => CollectAsync(seed: 1)));
        Assert.All(await failing, error => Assert.IsType<OutOfMemoryException>(error));
        Assert.All(going, samples => Assert.Equal(alone, samples));

        _vocoder.Fails = _ => false;
        Assert.NotEmpty(await CollectAsync(seed: 1, speed: 1.3));
    }

    private async Task<float[]> CollectAsync(int seed, double speed = 1)
    {
        var samples = new List<float>();
        var request = new SpeechRequest
        {
            Segments = _model.Prepare("The weather is very nice this morning."), Speaker = Loaded.Speakers.Values.First(), Seed = seed, Streaming = true,
            Speed = speed,
        };
        await foreach (var chunk in _engine.SpeakAsync(request))
        {
            samples.AddRange(chunk.Samples.Span);
        }

        return [.. samples];
    }

    /// <summary>Says of how many requests each call was, and has the processor's flow do the work.</summary>
    private sealed class SharingFlow(IFlow flow) : IFlow
    {
        public const int Size = 3;

        public ConcurrentBag<int> Calls { get; } = [];

        public bool Fails { get; set; }

        public int BatchSize => Size;

        public int ShapeOf(int tokens, bool finalize) => (tokens / 64 * 2) + (finalize ? 1 : 0);

        public IReadOnlyList<Tensor> Generate(IReadOnlyList<FlowRequest> requests, CancellationToken cancellationToken = default)
        {
            Calls.Add(requests.Count);
            Assert.Single(requests.Select(request => ShapeOf(request.PromptTokens.Length + request.Tokens.Length, request.Finalize)).Distinct());
            return Fails
                ? throw new OutOfMemoryException()
                : [.. requests.Select(request => flow.Generate(request, cancellationToken))];
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Says of how many passages each call was, and of how many frames, and has the processor's vocoder do the work.</summary>
    private sealed class SharingVocoder(IVocoder vocoder) : IVocoder
    {
        private const int LongestShared = 80;

        public ConcurrentBag<(int Passages, int Frames)> Calls { get; } = [];

        public Func<int, bool> Fails { get; set; } = _ => false;

        public int SampleRate => vocoder.SampleRate;

        public int HopLength => vocoder.HopLength;

        public VocoderReach Reach => vocoder.Reach;

        public IExcitation BeginExcitation(ExcitationNoise noise) => vocoder.BeginExcitation(noise);

        public float[] Decode(Tensor mel, ReadOnlySpan<float> excitation) => vocoder.Decode(mel, excitation);

        public int BatchSizeOf(int frames) => frames <= LongestShared ? 2 : 1;

        public IReadOnlyList<float[]> Decode(IReadOnlyList<VocoderPassage> passages)
        {
            var frames = Assert.Single(passages.Select(passage => passage.Frames).Distinct());
            Calls.Add((passages.Count, frames));
            return Fails(frames) ? throw new OutOfMemoryException() : [.. passages.Select(passage => vocoder.Decode(passage.Mel, passage.Excitation.Span))];
        }

        public void Dispose()
        {
        }
    }
}
