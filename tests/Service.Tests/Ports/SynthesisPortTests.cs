using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>What speaking is like, however the service is run.</summary>
public abstract class SynthesisPortTests
{
    private const string Text = "One two three. Four five.";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    protected abstract Task<SpeakingBench> StartAsync(SynthesisOptions options);

    [Fact]
    public async Task Speak_WholeSpeech_InNumberedFrames()
    {
        await using var bench = await StartAsync(new());

        await using var speech = await bench.Synthesis.SpeakAsync(Request("ben", 3), default);
        var frames = await speech.Frames.ToListAsync();

        Assert.Equal(Expected("ben", 3), Samples(frames));
        Assert.Equal(Enumerable.Range(0, frames.Count).Select(i => ((long)i, 480L * i)), frames.Select(frame => (frame.Number, frame.SampleOffset)));
        Assert.Equal(("ben", 3, 24000), (speech.Details.VoiceId, speech.Details.Seed, speech.Details.SampleRate));
        Assert.Equal([3, 3, 5, 4, 4], frames.SelectMany(frame => frame.Tokens).SelectMany(tokens => tokens.Tokens));
        Assert.Equal(
            [new SegmentEnd(0, 7200, "One two three") { Fault = SpeechFault.TooLong, IsSecondTry = true }, new SegmentEnd(1, 12_000, "Four five")],
            frames.SelectMany(frame => frame.Ends));
    }

    public static TheoryData<string, SpeakRequest> Modes => new()
    {
        { "zero_shot", new() { Text = Text, ReferenceAudio = Base64("a recording of nina"), ReferenceText = "Nina." } },
        { "cross_lingual", new() { Text = Text, ReferenceAudio = Base64("a recording of nina") } },
        { "sft", new() { Text = Text, ReferenceAudio = Base64("a recording of nina") } },
        { "instruct", new() { Text = Text, SpeakerId = "ben", Dialect = "cantonese", Emotion = "sad", Instruction = "wie ein Pirat" } },
        { "vc", new() { ReferenceAudio = Base64("a recording of nina"), SourceAudio = Base64("forty bytes of somebody else who speaks.") } },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Speak_EveryMode_SoundsAsItMustAndGoesOnInTheMiddle(string mode, SpeakRequest asked)
    {
        await using var bench = await StartAsync(new());
        var request = asked with { Mode = mode, Seed = 5 };

        await using var speech = await bench.Synthesis.SpeakAsync(request, default);
        var frames = await speech.Frames.ToListAsync();

        Assert.Equal(bench.Models[0].Expected(Input(mode, request, speech.Details.VoiceId)), Samples(frames));
        Assert.Equal(request.ReferenceAudio is null ? [] : ["It is short. Speak on."], speech.Details.Warnings);
        Assert.Equal(request.ReferenceAudio is null, speech.Details.VoiceId == "ben");

        var had = frames.FindIndex(frame => frame.Checkpoint is not null) + 2;
        var resume = new SpeechResumption(had, 480L * had, frames.Take(had).Last(frame => frame.Checkpoint is not null).Checkpoint);
        await using var rest = await bench.Synthesis.SpeakAsync(request with { SpeakerId = speech.Details.VoiceId, VoiceVersion = 0, Resume = resume }, default);
        Assert.Equal(Samples(frames[had..]), Samples(await rest.Frames.ToListAsync()));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Speak_GoesOnElsewhere_NoRecordingIsListenedToAgain(string mode, SpeakRequest asked)
    {
        await using var lost = await StartAsync(new());
        await using var elsewhere = await StartAsync(new());
        await using var speech = await lost.Synthesis.SpeakAsync(asked with { Mode = mode, Seed = 5 }, default);
        var frames = await speech.Frames.ToListAsync();
        var had = frames.FindIndex(frame => frame.Checkpoint is not null) + 1;

        var rest = await elsewhere.Synthesis.SpeakAsync(
            asked with
            {
                Mode = mode, Seed = 5, SpeakerId = speech.Details.VoiceId, VoiceVersion = 0,
                Resume = new(had, 480L * had, frames[had - 1].Checkpoint) { Heard = speech.Details.Heard },
            },
            default);

        Assert.Equal(Samples(frames[had..]), Samples(await rest.Frames.ToListAsync()));
        Assert.Equal(0, elsewhere.Models.Sum(model => model.Heard));
        Assert.Equal(speech.Details.Warnings, rest.Details.Warnings);
        Assert.Equal(lost.Models.Sum(model => model.Heard) == 0, speech.Details.Heard is null);
        await rest.DisposeAsync();
    }

    [Fact]
    public async Task Speak_GoesOnElsewhereWithWhatDoesNotFit_ListensAgain()
    {
        await using var bench = await StartAsync(new());
        var request = new SpeakRequest { Text = Text, ReferenceAudio = Base64("a recording of nina"), Seed = 5 };
        await using var speech = await bench.Synthesis.SpeakAsync(request, default);
        var frames = await speech.Frames.ToListAsync();
        await using var elsewhere = await StartAsync(new());
        foreach (var heard in new HeardRecordings[]
        {
            new(null, null, []), speech.Details.Heard! with { Source = [1] },
            speech.Details.Heard! with { Voice = speech.Details.Heard!.Voice! with { PromptMel = new float[7 * Speaker.MelBins] } },
        })
        {
            await using var rest = await elsewhere.Synthesis.SpeakAsync(
                request with { SpeakerId = speech.Details.VoiceId, VoiceVersion = 0, Resume = new(0, 0, null) { Heard = heard } }, default);

            Assert.Equal(Samples(frames), Samples(await rest.Frames.ToListAsync()));
        }

        Assert.NotEqual(0, elsewhere.Models.Sum(model => model.Heard));
    }

    [Fact]
    public async Task Speak_RecordingThatCannotBeUsed_SaysEverythingThatIsWrongWithIt()
    {
        await using var bench = await StartAsync(new());

        var e = await Assert.ThrowsAsync<SpeechException>(
            () => bench.Synthesis.SpeakAsync(new SpeakRequest { Text = Text, ReferenceAudio = Base64("silence") }, default));

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.RecordingInvalid), (e.Kind, e.Code));
        Assert.Equal("There is no speech. It is short.", e.Message);
    }

    private static SpeechInput Input(string mode, SpeakRequest request, string voice)
    {
        var tone = new ToneModel();
        var segments = request.SourceAudio is { } source ? [new TextSegment("", [.. Enumerable.Range(0, Convert.FromBase64String(source).Length / 10)])] : tone.Prepare(Text);
        return new SpeechInput(segments, voice, 5, 1, Streaming: true)
        {
            Speaker = request.ReferenceAudio is { } reference
                ? tone.EnrolAsync(voice, Convert.FromBase64String(reference), request.ReferenceText ?? "", default).Result.Speaker
                : null,
            Mode = mode switch
            {
                "cross_lingual" => SpeechMode.CrossLingual, "instruct" => SpeechMode.Instruct, "vc" => SpeechMode.Conversion, _ => SpeechMode.ZeroShot,
            },
            Instruction = mode == "instruct" ? "请用广东话表达。请非常伤心地说一句话。wie ein Pirat" : "",
        };
    }

    private static string Base64(string recording) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(recording));

    [Fact]
    public async Task Speak_NothingDecided_SaysWhatItDecidedSoThatItCanBeRepeated()
    {
        await using var bench = await StartAsync(new());
        await using var first = await bench.Synthesis.SpeakAsync(new SpeakRequest { Text = Text }, default);
        var heard = Samples(await first.Frames.ToListAsync());

        Assert.InRange(first.Details.Seed, 1, 100_000_000);
        Assert.NotEmpty(first.Details.TaskId);
        Assert.Equal(Expected(first.Details.VoiceId, first.Details.Seed), heard);
    }

    [Fact]
    public async Task Speak_ManyAtOnce_EachHearsNothingButTheirOwn()
    {
        await using var bench = await StartAsync(new());

        var heard = await Task.WhenAll(Enumerable.Range(1, 40).Select(async seed =>
        {
            await using var speech = await bench.Synthesis.SpeakAsync(Request(seed % 2 == 0 ? "amy" : "ben", seed), default);
            return Samples(await speech.Frames.ToListAsync());
        }));

        for (var seed = 1; seed <= heard.Length; seed++)
        {
            Assert.Equal(Expected(seed % 2 == 0 ? "amy" : "ben", seed), heard[seed - 1]);
        }
    }

    [Fact]
    public async Task Speak_Invalid_EveryViolationAtOnce()
    {
        await using var bench = await StartAsync(new());

        var e = await Assert.ThrowsAsync<SpeechException>(
            () => bench.Synthesis.SpeakAsync(new SpeakRequest { Text = "", SpeakerId = "zoe", Seed = 0, Speed = 9 }, default));

        Assert.Equal(SpeechErrorKind.Invalid, e.Kind);
        Assert.All(["text", "'zoe'", "seed is 0", "speed is 9"], part => Assert.Contains(part, e.Message, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Speak_Cancelled_TheModelStops()
    {
        await using var bench = await StartAsync(new());
        HoldAfterFirstChunk(bench);
        using var caller = new CancellationTokenSource();
        await using var speech = await bench.Synthesis.SpeakAsync(Request("amy", 1), caller.Token);

        await caller.CancelAsync();

        await Task.WhenAll(bench.Models.Select(model => model.WhenActiveAsync(0)));
    }

    [Fact]
    public async Task Speak_ListenerLeaves_TheModelStops()
    {
        await using var bench = await StartAsync(new());
        HoldAfterFirstChunk(bench);
        var speech = await bench.Synthesis.SpeakAsync(Request("amy", 1), default);

        await speech.DisposeAsync();

        await Task.WhenAll(bench.Models.Select(model => model.WhenActiveAsync(0)));
    }

    [Fact]
    public async Task Speak_NoPlaceAnywhere_IsRefusedWithAWait()
    {
        await using var bench = await StartAsync(new SynthesisOptions { MaxRunning = 1, MaxQueued = 0 });
        HoldAfterFirstChunk(bench);
        var speeches = await Task.WhenAll(bench.Models.Select((_, i) => bench.Synthesis.SpeakAsync(Request("amy", 1 + i), default)));

        var e = await Assert.ThrowsAsync<SpeechException>(() => bench.Synthesis.SpeakAsync(Request("amy", 9), default).WaitAsync(Patience));

        Assert.Equal((SpeechErrorKind.Busy, SpeechErrorCodes.ServerBusy), (e.Kind, e.Code));
        Assert.True(e.RetryAfter >= TimeSpan.FromSeconds(1));
        foreach (var speech in speeches)
        {
            await speech.DisposeAsync();
        }
    }

    [Fact]
    public async Task Speak_ModelBroken_FailsAsInternalAndNotForEver()
    {
        await using var bench = await StartAsync(new());
        foreach (var model in bench.Models)
        {
            model.BeforeChunk = (_, _, _) => throw new InvalidOperationException("broken");
        }

        var e = await Assert.ThrowsAsync<SpeechException>(() => bench.Synthesis.SpeakAsync(Request("amy", 1), default).WaitAsync(Patience));

        Assert.Equal(SpeechErrorCodes.Internal, e.Code);
    }

    [Fact]
    public async Task Speak_ResumedAnywhere_GoesOnAsIfNothingHadHappened()
    {
        await using var bench = await StartAsync(new());
        await using var speech = await bench.Synthesis.SpeakAsync(Request("ben", 3), default);
        var frames = await speech.Frames.ToListAsync();

        SpeechResumption? resume = null;
        for (var had = 1; had < frames.Count; had++)
        {
            resume = new(had, 480L * had, frames[had - 1].Checkpoint ?? resume?.Checkpoint);
            await using var rest = await bench.Synthesis.SpeakAsync(Request("ben", 3) with { Resume = resume }, default);

            Assert.Equal(Samples(frames[had..]), Samples(await rest.Frames.ToListAsync()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Speak_TextInPieces_SoundsTheSameHoweverItIsCut(int size)
    {
        await using var bench = await StartAsync(new());
        var text = new TextInput();

        var speaking = bench.Synthesis.SpeakAsync(Written(text), default);
        foreach (var piece in Text.Chunk(size))
        {
            text.Append(new string(piece));
            await Task.Yield();
        }

        text.Complete();
        await using var speech = await speaking.WaitAsync(Patience);
        Assert.Equal(new ToneModel().ExpectedWritten(Text, "ben", 3), Samples(await speech.Frames.ToListAsync()));
        Assert.Equal(("ben", 3), (speech.Details.VoiceId, speech.Details.Seed));
    }

    [Fact]
    public async Task Speak_TextInPieces_IsHeardBeforeItIsComplete()
    {
        await using var bench = await StartAsync(new());
        var text = new TextInput();
        var speaking = bench.Synthesis.SpeakAsync(Written(text), default);
        text.Append("One t");
        await using var speech = await speaking.WaitAsync(Patience);
        await using var frames = speech.Frames.GetAsyncEnumerator();
        var expected = new ToneModel().ExpectedWritten("One two three four", "ben", 3);
        List<short> heard = [];

        await HearAsync(1);
        text.Append("wo three");
        await HearAsync(2);
        text.Flush();
        await HearAsync(3);
        text.Append("four");
        text.Complete();
        await HearAsync(4);
        Assert.False(await frames.MoveNextAsync());

        async Task HearAsync(int words)
        {
            while (heard.Count < 2400 * words)
            {
                Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Patience));
                heard.AddRange(frames.Current.Samples.Span);
            }

            Assert.Equal(expected[..(2400 * words)], heard);
        }
    }

    [Fact]
    public async Task Speak_TextInPiecesResumedAnywhere_GoesOnAsIfNothingHadHappened()
    {
        await using var bench = await StartAsync(new());
        await using var speech = await bench.Synthesis.SpeakAsync(Written(Complete(Text)), default);
        var frames = await speech.Frames.ToListAsync();

        for (var had = 1; had < frames.Count; had += 7)
        {
            var checkpoint = frames.Take(had).LastOrDefault(frame => frame.Checkpoint is not null).Checkpoint;
            var resumed = Written(Complete(Text)) with { Resume = new(had, 480L * had, checkpoint) };
            await using var rest = await bench.Synthesis.SpeakAsync(resumed, default);
            Assert.Equal(Samples(frames[had..]), Samples(await rest.Frames.ToListAsync()));
        }
    }

    [Theory]
    [InlineData("", SpeechErrorCodes.TextEmpty)]
    [InlineData(" ... ", SpeechErrorCodes.TextEmpty)]
    [InlineData("A [zzz]. ", SpeechErrorCodes.TextUnsupported)]
    public async Task Speak_TextInPiecesThatCannotBeSpoken_IsRefused(string text, string code)
    {
        await using var bench = await StartAsync(new());

        var e = await Assert.ThrowsAsync<SpeechException>(() => HearAllAsync(bench, Written(Complete(text))).WaitAsync(Patience));

        Assert.Equal((SpeechErrorKind.Invalid, code), (e.Kind, e.Code));
    }

    [Fact]
    public async Task Speak_TextThatFailsOnTheWay_FailsWithItsReason()
    {
        await using var bench = await StartAsync(new());
        var text = new TextInput();
        text.Append("One two ");
        var hearing = HearAllAsync(bench, Written(text));

        var refused = Assert.Throws<SpeechException>(() => text.Append(new string('a', 100_001)));

        var e = await Assert.ThrowsAsync<SpeechException>(() => hearing.WaitAsync(Patience));
        Assert.Equal((SpeechErrorCodes.TextTooLong, refused.Message), (e.Code, e.Message));
    }

    [Fact]
    public async Task Speak_NobodyWritesOn_FailsAfterTheIdleLimit()
    {
        await using var bench = await StartAsync(new());
        var text = new TextInput(idle: TimeSpan.FromMilliseconds(50));
        text.Append("One two ");

        var e = await Assert.ThrowsAsync<SpeechException>(() => HearAllAsync(bench, Written(text)).WaitAsync(Patience));

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.TextTimeout), (e.Kind, e.Code));
    }

    [Fact]
    public async Task Speak_InvalidWithoutAnyTextYet_IsRefusedAtOnce()
    {
        await using var bench = await StartAsync(new());

        var e = await Assert.ThrowsAsync<SpeechException>(() => bench.Synthesis.SpeakAsync(Written(new()) with { Speed = 9, Text = "A" }, default).WaitAsync(Patience));

        Assert.All(["speed is 9", "both as a whole and in pieces"], part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Speak_TextInPieces_HoldsNoPlaceBeforeItBegins()
    {
        await using var bench = await StartAsync(new SynthesisOptions { MaxRunning = 1, MaxQueued = 0 });
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 5).Select(_ => bench.Synthesis.SpeakAsync(Written(new()), gone.Token)).ToArray();

        await HearAllAsync(bench, Request("amy", 1));

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting).WaitAsync(Patience));
    }

    [Fact]
    public async Task Speak_ListenerOfTextInPiecesLeaves_TheModelStops()
    {
        await using var bench = await StartAsync(new());
        var text = new TextInput();
        text.Append("One two ");
        var speech = await bench.Synthesis.SpeakAsync(Written(text), default).WaitAsync(Patience);

        await speech.DisposeAsync();

        await Task.WhenAll(bench.Models.Select(model => model.WhenActiveAsync(0)));
    }

    private static SpeakRequest Written(TextInput text) => new() { TextInput = text, SpeakerId = "ben", Seed = 3 };

    private static TextInput Complete(string text)
    {
        var input = new TextInput();
        input.Append(text);
        input.Complete();
        return input;
    }

    private static async Task HearAllAsync(SpeakingBench bench, SpeakRequest request)
    {
        await using var speech = await bench.Synthesis.SpeakAsync(request, default);
        await speech.Frames.ToListAsync();
    }

    [Fact]
    public async Task Nodes_Started_AreReadyAndSayWhatRuns()
    {
        await using var bench = await StartAsync(new());

        var nodes = await bench.Nodes.ListAsync(default);

        Assert.Equal(bench.Models.Count, nodes.Count);
        Assert.All(nodes, node => Assert.Equal((NodeState.Ready, "tone", 0, 0), (node.State, node.Model, node.Running, node.Queued)));
    }

    [Fact]
    public async Task Node_Drained_FinishesAndTakesNothingUntilItIsToldTo()
    {
        await using var bench = await StartAsync(new());
        var names = (await bench.Nodes.ListAsync(default)).Select(node => node.Name).Distinct().ToList();
        await using var begun = await bench.Synthesis.SpeakAsync(Request("amy", 1), default);

        Assert.False(await bench.Nodes.SetDrainingAsync("nobody", draining: true, default));
        foreach (var name in names)
        {
            Assert.True(await bench.Nodes.SetDrainingAsync(name, draining: true, default));
        }

        await WhenAllAsync(bench, NodeState.Draining);
        Assert.Equal(Expected("amy", 1), Samples(await begun.Frames.ToListAsync()));
        var e = await Assert.ThrowsAsync<SpeechException>(() => bench.Synthesis.SpeakAsync(Request("amy", 1), default));
        Assert.Equal(SpeechErrorKind.NotReady, e.Kind);
        Assert.NotNull(e.RetryAfter);

        await bench.Nodes.SetDrainingAsync(names[0], draining: false, default);

        await WhenAllAsync(bench, NodeState.Ready, atLeast: 1);
        await using var again = await bench.Synthesis.SpeakAsync(Request("amy", 1), default);
        Assert.Equal(Expected("amy", 1), Samples(await again.Frames.ToListAsync()));
    }

    private static async Task WhenAllAsync(SpeakingBench bench, NodeState state, int? atLeast = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await bench.Nodes.ListAsync(default)).Count(node => node.State == state) < (atLeast ?? bench.Models.Count))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(10, patience.Token);
        }
    }

    private static SpeakRequest Request(string voice, int seed) => new() { Text = Text, SpeakerId = voice, Seed = seed };

    private static short[] Expected(string voice, int seed) => new ToneModel().Expected(Text, voice, seed);

    private static short[] Samples(IEnumerable<AudioFrame> frames) => [.. frames.SelectMany(frame => frame.Samples.ToArray())];

    private static void HoldAfterFirstChunk(SpeakingBench bench)
    {
        foreach (var model in bench.Models)
        {
            model.BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        }
    }
}
