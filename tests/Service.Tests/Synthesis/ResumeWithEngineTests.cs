using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Synthesis;

/// <summary>The built-in voice, taken over by a second service in the middle of what the first one says.</summary>
public sealed class ResumeWithEngineTests
{
    private const int FrameSamples = 480;

    [Fact]
    public async Task SpeakAsync_TakenOverAfterManyFrames_EverySampleIsTheSame()
    {
        using var first = await NodeAsync();
        using var second = await NodeAsync();
        var request = new SpeakRequest { Text = "The weather is very nice this morning, and we walk along the river.", Speed = 0.9 };
        await using var speech = await first.SpeakAsync(request);
        var frames = await speech.Frames.ToListAsync();
        Assert.Contains(frames, frame => frame.Checkpoint is not null);
        var known = request with { Seed = speech.Details.Seed, SpeakerId = speech.Details.VoiceId };

        SpeechCheckpoint? newest = null;
        for (var had = 1; had < frames.Count; had++)
        {
            newest = frames[had - 1].Checkpoint ?? newest;
            if (had % 23 != 0 && frames[had - 1].Checkpoint is null)
            {
                continue;
            }

            await using var rest = await second.SpeakAsync(known with { Resume = new SpeechResumption(had, FrameSamples * had, newest) });
            var resumed = await rest.Frames.ToListAsync();

            Assert.Equal(frames[had..].Select(frame => (frame.Number, frame.SampleOffset)), resumed.Select(frame => (frame.Number, frame.SampleOffset)));
            Assert.Equal(Samples(frames[had..]), Samples(resumed));
            Assert.Equal(frames[had..].SelectMany(frame => frame.Tokens).SelectMany(tokens => tokens.Tokens), resumed.SelectMany(frame => frame.Tokens).SelectMany(tokens => tokens.Tokens));
            Assert.Equal(frames[had..].Select(frame => frame.Checkpoint?.SampleOffset), resumed.Select(frame => frame.Checkpoint?.SampleOffset));
        }
    }

    private static IEnumerable<short> Samples(IEnumerable<AudioFrame> frames) => frames.SelectMany(frame => frame.Samples.ToArray());

    private static async Task<Node> NodeAsync()
    {
        var options = new SynthesisOptions { FrameMilliseconds = 20 };
        var queue = new SpeechQueue(options, TimeProvider.System);
        var model = new LocalModel(
            () => EngineModel.Load(ModelFolder(), threads: 2, options.MaxRunning), options, queue, TimeProvider.System, NullLogger<LocalModel>.Instance);
        await model.StartAsync(default);
        var instruments = new SynthesisInstruments(new TestMeters(), queue, model);
        return new Node(model, new LocalSynthesis(model, queue, options, instruments, TimeProvider.System, NullLogger<LocalSynthesis>.Instance));
    }

    private static string ModelFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CosyOrleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"No CosyOrleans.sln above {AppContext.BaseDirectory}.");
        }

        return Path.Combine(folder, "models", "default");
    }

    private sealed record Node(LocalModel Model, ISynthesis Synthesis) : IDisposable
    {
        public Task<Speech> SpeakAsync(SpeakRequest request) => Synthesis.SpeakAsync(request, default).WaitAsync(TestService.Patience);

        public void Dispose() => Model.Dispose();
    }
}
