using CosyVoice.Engine;
using CosyVoice.State;
using CosyVoice.Tests.Kernels;
using CosyVoice.Text;

namespace CosyVoice.Tests.Engine;

/// <summary>Every speech of the built-in voice, cut off before every chunk and continued by another engine.</summary>
public sealed class ResumeTests(BuiltInVoice voice) : IClassFixture<BuiltInVoice>
{
    private const string Short = "Good morning.";
    private const string Two = "The weather is very nice this morning. | We walk along the river.";
    private const string Long =
        "The old house at the end of the street had been empty for many years, and the children of the village told each other "
        + "stories about it, which became stranger and stranger. Nobody had ever gone in. One day in autumn a light was seen in the "
        + "upper window.";

    public static TheoryData<string, double, bool> Speeches => new()
    {
        { Short, 1.0, true },
        { Short, 0.7, true },
        { Two, 1.0, true },
        { Two, 0.7, true },
        { Two, 1.0, false },
        { Two, 0.7, false },
        { Long, 1.0, true },
        { Long, 1.6, true },
    };

    [Theory]
    [MemberData(nameof(Speeches))]
    public async Task SpeakAsync_FromAnyCheckpoint_GivesTheRestBitForBit(string text, double speed, bool streaming)
    {
        var request = Request(text) with { Speed = speed, Streaming = streaming };
        using var engine = new SpeechEngine(voice.Model);
        var whole = await Speech.CollectAsync(engine, request);

        Assert.Null(whole[^1].Checkpoint);
        for (var i = 1; i < whole.Count; i++)
        {
            Assert.InRange(whole[i - 1].Checkpoint!.State.Length, 0, 16 * 1024);
            using var other = new SpeechEngine(voice.Model);

            // Of a long speech the whole rest from some of them: what two chunks do not show, comes from few places.
            var chunks = i % 6 == 1 ? whole.Count - i : Math.Min(2, whole.Count - i);
            var rest = await Speech.CollectAsync(other, request with { Resume = Speech.Posted(whole[i - 1].Checkpoint!) }, chunks);
            AssertSame(whole.GetRange(i, chunks), rest);
        }
    }

    [Fact]
    public async Task SpeakAsync_VoiceMadeFromARecording_GivesTheRestBitForBit()
    {
        int[] spoken = [.. Enumerable.Range(0, 27).Select(i => 37 * i)];
        var request = Request(Two) with
        {
            Speaker = voice.Speakers[0] with
            {
                PromptText = [5, 6, 7],
                PromptSpeechTokens = spoken,
                FlowPromptTokens = spoken,
                PromptMel = Samples.Uniform(2 * 27 * Speaker.MelBins, seed: 1),
            },
        };
        using var engine = new SpeechEngine(voice.Model);
        var whole = await Speech.CollectAsync(engine, request);

        for (var i = 1; i < whole.Count; i++)
        {
            AssertSame(whole[i..], await Speech.CollectAsync(engine, request with { Resume = Speech.Posted(whole[i - 1].Checkpoint!) }));
        }
    }

    [Fact]
    public async Task SpeakAsync_FromACheckpointOfACheckpoint_GivesTheRestBitForBit()
    {
        var request = Request(Long);
        using var engine = new SpeechEngine(voice.Model);
        var whole = await Speech.CollectAsync(engine, request);

        // As if every engine died after one chunk.
        var resumed = request;
        for (var i = 0; i < whole.Count; i++)
        {
            var next = await Speech.CollectAsync(engine, resumed, chunks: 1);
            AssertSame(whole.GetRange(i, 1), next);
            resumed = request with { Resume = next[0].Checkpoint is { } checkpoint ? Speech.Posted(checkpoint) : null };
        }
    }

    [Fact]
    public async Task SpeakAsync_ManyResumedAmongOthers_GivesTheRestBitForBit()
    {
        using var engine = new SpeechEngine(voice.Model, new() { MaximumBatch = 6, MaximumInputs = 16 });
        var request = Request(Long);
        var whole = await Speech.CollectAsync(engine, request);
        var other = Request(Two) with { Seed = 99, Streaming = false, Background = true };
        var undisturbed = await Speech.CollectAsync(engine, other);

        var others = Enumerable.Range(0, 4).Select(_ => Speech.CollectAsync(engine, other)).ToArray();
        var rests = await Task.WhenAll(whole[1..^1].Select(chunk => Speech.CollectAsync(engine, request with { Resume = Speech.Posted(chunk.Checkpoint!) })));

        Assert.True(rests.Length + others.Length > 6, $"{rests.Length} are resumed, which leaves the batch with room.");
        for (var i = 0; i < rests.Length; i++)
        {
            AssertSame(whole[(i + 2)..], rests[i]);
        }

        Assert.All(await Task.WhenAll(others), chunks => AssertSame(undisturbed, chunks));
    }

    [Fact]
    public async Task SpeakAsync_WholeDeliveryResumed_DoesNotSpeakWhatWasBefore()
    {
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(Two) with { Streaming = false };
        var whole = await Speech.CollectAsync(engine, request);
        Assert.True(whole.Count > 1, "The text should have several segments.");

        // Text ids that the model would refuse to make sound of: nobody may look at the segments before.
        var changed = request with { Segments = [request.Segments[0] with { Tokens = [1] }, .. request.Segments.Skip(1)], Resume = whole[0].Checkpoint };

        AssertSame(whole[1..], await Speech.CollectAsync(engine, changed));
    }

    [Fact]
    public async Task SpeakAsync_AnyByteOfTheStateChanged_IsRefusedAndTheEngineGoesOn()
    {
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(Long);
        var whole = await Speech.CollectAsync(engine, request);
        var good = whole[1].Checkpoint!;
        Assert.False(good.State.IsEmpty);

        for (var at = 0; at < good.State.Length; at += at < 64 ? 1 : 97)
        {
            var bytes = good.State.ToArray();
            bytes[at] ^= 0x10;
            await AssertRefusedAsync(engine, request, good with { State = bytes });
        }

        for (var length = 1; length < good.State.Length; length += 271)
        {
            await AssertRefusedAsync(engine, request, good with { State = good.State[..length] });
        }

        await AssertRefusedAsync(engine, request, good with { State = new byte[good.State.Length + 100_000] });
        AssertSame(whole[2..], await Speech.CollectAsync(engine, request with { Resume = good }));
    }

    [Fact]
    public async Task SpeakAsync_SealedNonsense_NeverHarmsTheEngine()
    {
        const int sealBytes = 12;
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(Two);
        var whole = await Speech.CollectAsync(engine, request);
        var good = whole.Select(chunk => chunk.Checkpoint).First(checkpoint => checkpoint?.State.IsEmpty == false)!;
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            // The counts at the head, mostly: what comes behind are samples and mel values.
            var content = good.State.ToArray()[sealBytes..];
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                content[random.Next(2) == 0 ? random.Next(44) : random.Next(content.Length)] = (byte)random.Next(256);
            }

            var forged = good with { State = CheckpointSeal.Close(request, good, content) };
            await Record.ExceptionAsync(async () =>
            {
                await foreach (var chunk in engine.SpeakAsync(request with { Resume = forged }))
                {
                    break;
                }
            });
        }

        AssertSame(whole, await Speech.CollectAsync(engine, request));
    }

    [Fact]
    public async Task SpeakAsync_CheckpointOfAnotherRequest_IsRefused()
    {
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(Long);
        var good = (await Speech.CollectAsync(engine, request))[1].Checkpoint!;

        await AssertRefusedAsync(engine, request with { Seed = 8 }, good);
        await AssertRefusedAsync(engine, request with { Speed = 1.1 }, good);
        await AssertRefusedAsync(engine, request with { Streaming = false }, good);
        await AssertRefusedAsync(engine, request with { Segments = Segments("Something " + Long) }, good);
        await AssertRefusedAsync(engine, request with { Speaker = request.Speaker with { Embedding = [.. request.Speaker.Embedding.Reverse()] } }, good);
        await AssertRefusedAsync(engine, request, good with { SampleOffset = good.SampleOffset + 1 });
        await AssertRefusedAsync(engine, request, good with { Tokens = [.. good.Tokens.Skip(1)] });
    }

    [Fact]
    public async Task SpeakAsync_ImpossibleCheckpoint_SaysWhatIsWrong()
    {
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(Short);
        var beginning = new SpeechCheckpoint { Segment = 0, SampleOffset = 0 };

        await AssertRefusedAsync(engine, request, beginning with { Segment = 1 }, "segments 0 to 0");
        await AssertRefusedAsync(engine, request, beginning with { Segment = -1 }, "segment -1");
        await AssertRefusedAsync(engine, request, beginning with { SampleOffset = 1 }, "sample 1, which must be 0");
        await AssertRefusedAsync(engine, request, beginning with { SampleOffset = -1 }, "sample -1");
        await AssertRefusedAsync(engine, request, beginning with { Tokens = [6561] }, "speech token 6561; they are 0 to 6560");
        await AssertRefusedAsync(engine, request, beginning with { Tokens = new int[10_000] }, "10000 speech tokens");
        await AssertRefusedAsync(engine, request, beginning with { State = new byte[5] }, "version");
    }

    [Fact]
    public void Speeches_AreOfSeveralChunksAndSegments()
    {
        Assert.Single(Segments(Short));
        Assert.Equal(2, Segments(Two).Length);
        Assert.True(Segments(Long).Length > 1);
    }

    private static async Task AssertRefusedAsync(SpeechEngine engine, SpeechRequest request, SpeechCheckpoint checkpoint, string part = "")
    {
        var error = await Assert.ThrowsAsync<StateException>(() => Speech.CollectAsync(engine, request with { Resume = checkpoint }));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(List<AudioChunk> expected, List<AudioChunk> actual)
    {
        Assert.Equal(expected.Select(chunk => (chunk.SampleOffset, chunk.Segment)), actual.Select(chunk => (chunk.SampleOffset, chunk.Segment)));
        foreach (var (one, other) in expected.Zip(actual))
        {
            Samples.AssertSameBits(one.Samples.ToArray(), other.Samples.ToArray());
            Assert.Equal(one.SpeechTokens, other.SpeechTokens);
            Assert.Equal(one.Checkpoint?.SampleOffset, other.Checkpoint?.SampleOffset);
            Assert.Equal(one.Checkpoint?.State.IsEmpty, other.Checkpoint?.State.IsEmpty);
        }
    }

    private SpeechRequest Request(string text) => new() { Segments = Segments(text), Speaker = voice.Speakers[0], Seed = 7 };

    /// <summary>The model's own segments, and in any case a new one behind a bar.</summary>
    private TextSegment[] Segments(string text) => [.. text.Split('|').SelectMany(voice.Model.Prepare)];
}
