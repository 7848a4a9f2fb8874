using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Synthesis;

/// <summary>The built-in voice and models of both generations, taken over by a second service in the middle of what the first one says.</summary>
public sealed class ResumeWithEngineTests
{
    private const int FrameSamples = 480;
    private const int FramesAfterJoin = 75; // 1.5 s

    [Fact]
    public Task SpeakAsync_TakenOverAfterManyFrames_EverySampleIsTheSame() => TakeOverAsync(
        "models/default", new SpeakRequest { Text = "The weather is very nice this morning, and we walk along the river.", Speed = 0.9 }, step: 23);

    [Fact]
    public Task SpeakAsync_TextThatWasWrittenMeanwhile_EverySampleIsTheSame()
    {
        var text = new TextInput();
        foreach (var piece in (string[])["The price was $3.", "50 in 19", "90. ", "FLUSH", "Then we walk along the ri", "ver. ", "Good night."])
        {
            if (piece == "FLUSH")
            {
                text.Flush();
            }
            else
            {
                text.Append(piece);
            }
        }

        text.Complete();
        return TakeOverAsync("models/default", new SpeakRequest { TextInput = text, SpeakerId = "amy" }, step: 71);
    }

    [Theory]
    [InlineData(2, "zero_shot")]
    [InlineData(2, "cross_lingual")]
    [InlineData(2, "instruct")]
    [InlineData(2, "sft")]
    [InlineData(2, "vc")]
    [InlineData(3, "zero_shot")]
    [InlineData(3, "cross_lingual")]
    [InlineData(3, "instruct")]
    [InlineData(3, "sft")]
    [InlineData(3, "vc")]
    public Task SpeakAsync_EveryModeWithARecording_EverySampleIsTheSame(int version, string mode)
    {
        var fixture = $"tests/fixtures/model_v{version}";
        var request = new SpeakRequest
        {
            Seed = 1,
            Mode = mode,
            Text = mode == "vc" ? null : "We walk along the river this morning. Then we go home again.",
            ReferenceAudio = mode == "sft" ? null : File(fixture, "prompt.wav"),
            ReferenceText = mode == "zero_shot" ? "What is said." : null,
            SourceAudio = mode == "vc" ? File("tests/fixtures/features", "wav_24k.wav") : null,
            Dialect = mode == "instruct" ? "sichuan" : null,
        };
        return TakeOverAsync($"{fixture}/model", request, step: 150);
    }

    private static string File(string folder, string name) => Convert.ToBase64String(System.IO.File.ReadAllBytes(Path.Combine(Folders.Repository, folder, name)));

    private static async Task TakeOverAsync(string model, SpeakRequest request, int step)
    {
        using var first = await NodeAsync(model);
        using var second = await NodeAsync(model);
        await using var speech = await first.SpeakAsync(request);
        var frames = await speech.Frames.ToListAsync();
        Assert.Contains(frames, frame => frame.Checkpoint is not null);
        var known = request with { Seed = speech.Details.Seed, SpeakerId = speech.Details.VoiceId };

        SpeechCheckpoint? newest = null;
        var times = 0;
        for (var had = 1; had < frames.Count; had++)
        {
            newest = frames[had - 1].Checkpoint ?? newest;
            if (had % step != 0 && frames[had - 1].Checkpoint is null)
            {
                continue;
            }

            // The whole rest once, and from everywhere else the seconds in which sound is joined to sound.
            var expected = times++ == 0 ? frames[had..] : frames[had..Math.Min(frames.Count, had + FramesAfterJoin)];
            await using var rest = await second.SpeakAsync(known with { Resume = new SpeechResumption(had, FrameSamples * had, newest) });
            var resumed = await rest.Frames.Take(expected.Count).ToListAsync();

            Assert.Equal(expected.Select(frame => (frame.Number, frame.SampleOffset)), resumed.Select(frame => (frame.Number, frame.SampleOffset)));
            Assert.Equal(Samples(expected), Samples(resumed));
            Assert.Equal(expected.SelectMany(frame => frame.Tokens).SelectMany(tokens => tokens.Tokens), resumed.SelectMany(frame => frame.Tokens).SelectMany(tokens => tokens.Tokens));
            Assert.Equal(expected.Select(frame => frame.Checkpoint?.SampleOffset), resumed.Select(frame => frame.Checkpoint?.SampleOffset));
        }
    }

    private static IEnumerable<short> Samples(IEnumerable<AudioFrame> frames) => frames.SelectMany(frame => frame.Samples.ToArray());

    private static async Task<Node> NodeAsync(string folder)
    {
        var options = new SynthesisOptions { FrameMilliseconds = 20, ReadAheadSeconds = 2 };
        var queue = new SpeechQueue(options, TimeProvider.System);
        var model = new LocalModel(
            () => EngineModel.Load(Path.Combine(Folders.Repository, folder), threads: 2, options.MaxRunning), options, queue, TimeProvider.System, NullLogger<LocalModel>.Instance);
        await model.StartAsync(default);
        var instruments = new SynthesisInstruments(new TestMeters(), queue, model);
        return new Node(model, new LocalSynthesis(model, queue, options, instruments, TimeProvider.System, NullLogger<LocalSynthesis>.Instance));
    }

    private sealed record Node(LocalModel Model, ISynthesis Synthesis) : IDisposable
    {
        public Task<Speech> SpeakAsync(SpeakRequest request) => Synthesis.SpeakAsync(request, default).WaitAsync(TestService.Patience);

        public void Dispose() => Model.Dispose();
    }
}
