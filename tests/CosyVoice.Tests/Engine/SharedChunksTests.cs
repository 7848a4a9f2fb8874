using System.Collections.Concurrent;
using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Tests.Engine;

/// <summary>The built-in voice with a flow that takes several requests in a call, as one on a GPU does.</summary>
public sealed class SharedChunksTests : IDisposable
{
    private static readonly SpeechModelParts Loaded = ModelLoader.Load(Repository.File("models/default"), new ProcessorBackend(threads: 2));

    private readonly SharingFlow _flow = new(Loaded.Flow);
    private readonly SpeechModel _model;
    private readonly SpeechEngine _engine;

    public SharedChunksTests()
    {
        _model = new SpeechModel(new SpeechModelParts
        {
            Name = Loaded.Name, Kind = Loaded.Kind, LanguageModel = Loaded.LanguageModel, Sampler = Loaded.Sampler, Flow = _flow, Vocoder = Loaded.Vocoder,
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
        var together = await Task.WhenAll(Enumerable.Range(1, 4).Select(CollectAsync));

        Assert.Equal(alone, together);
        Assert.Contains(_flow.Calls, requests => requests > 1);
        Assert.All(_flow.Calls, requests => Assert.InRange(requests, 1, SharingFlow.Size));
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

    private async Task<float[]> CollectAsync(int seed)
    {
        var samples = new List<float>();
        var request = new SpeechRequest
        {
            Segments = _model.Prepare("The weather is very nice this morning."), Speaker = Loaded.Speakers.Values.First(), Seed = seed, Streaming = true,
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
}
