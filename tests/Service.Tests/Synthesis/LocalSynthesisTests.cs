using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class LocalSynthesisTests
{
    private const string Text = "One two three. Four five.";

    [Fact]
    public async Task SpeakAsync_WrittenTextsThatFail_AreNoFaultOfTheDevice()
    {
        await using var service = await TestService.StartAsync();
        // A device in quarantine would never come out of it: what it says to itself does not end.
        service.Model.BeforeChunk = (input, _, token) => input.TextStream is null ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        for (var i = 0; i < 6; i++)
        {
            var bad = new TextInput();
            bad.Append("One ");
            await using var speech = await service.SpeakAsync(new SpeakRequest { TextInput = bad });
            _ = i % 2 == 0 ? Record.Exception(() => bad.Append("\a")) : Record.Exception(() => bad.Append("[zzz] "));
            await Assert.ThrowsAsync<SpeechException>(async () => await speech.Frames.ToListAsync());
        }

        var good = new TextInput();
        good.Append("One ");
        good.Complete();
        await using var last = await service.SpeakAsync(new SpeakRequest { TextInput = good });
        Assert.NotEmpty(await last.Frames.ToListAsync());
    }

    [Fact]
    public async Task SpeakAsync_GivesTheWholeSpeechInFrames()
    {
        await using var service = await TestService.StartAsync();

        await using var speech = await service.SpeakAsync(
            new SpeakRequest { Text = Text, SpeakerId = "ben", Seed = 3 });
        var frames = await CollectAsync(speech);

        Assert.Equal(new ToneModel().Expected(Text, "ben", 3), frames.SelectMany(frame => frame.Samples.ToArray()));
        Assert.Equal(("ben", 3, 24000), (speech.Details.VoiceId, speech.Details.Seed, speech.Details.SampleRate));
        Assert.Equal([3, 3, 5, 4, 4], frames.SelectMany(frame => frame.Tokens).SelectMany(tokens => tokens.Tokens));
    }

    [Fact]
    public async Task SpeakAsync_NoSeed_ReportsOneThatRepeatsTheSpeech()
    {
        await using var service = await TestService.StartAsync();
        await using var first = await service.SpeakAsync(new SpeakRequest { Text = Text });
        var heard = await SamplesAsync(first);
        Assert.InRange(first.Details.Seed, 1, 100_000_000);

        await using var second = await service.SpeakAsync(
            new SpeakRequest { Text = Text, Seed = first.Details.Seed });

        Assert.Equal(heard, await SamplesAsync(second));
    }

    [Fact]
    public async Task SpeakAsync_NoTaskId_MakesDifferentOnes()
    {
        await using var service = await TestService.StartAsync();
        await using var first = await service.SpeakAsync(new SpeakRequest { Text = Text });
        await using var second = await service.SpeakAsync(new SpeakRequest { Text = Text });

        Assert.NotEqual(first.Details.TaskId, second.Details.TaskId);
    }

    [Fact]
    public async Task SpeakAsync_ManyAtOnce_EachGetsItsOwn()
    {
        await using var service = await TestService.StartAsync(new SynthesisOptions { MaxRunning = 4, MaxWaitSeconds = 3600 });

        await Task.WhenAll(Enumerable.Range(1, 32).Select(async seed =>
        {
            var text = $"Speech number {seed} of many.";
            await using var speech = await service.SpeakAsync(new SpeakRequest { Text = text, Seed = seed });
            Assert.Equal(service.Model.Expected(text, "amy", seed), await SamplesAsync(speech));
        }));

        Assert.Equal(0, service.Queue.Running);
    }

    [Fact]
    public async Task SpeakAsync_FirstFrame_ComesBeforeTheSecondChunk()
    {
        await using var service = await TestService.StartAsync();
        var second = new TaskCompletionSource();
        service.Model.BeforeChunk = (_, number, token) => number == 1 ? second.Task.WaitAsync(token) : Task.CompletedTask;

        await using var speech = await service.SpeakAsync(new SpeakRequest { Text = Text });
        await using var frames = speech.Frames.GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());

        second.SetResult();
    }

    [Fact]
    public async Task SpeakAsync_ModelFailsAtOnce_Throws()
    {
        await using var service = await TestService.StartAsync();
        service.Model.BeforeChunk = (_, _, _) => throw new InvalidOperationException("secret detail");

        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(new SpeakRequest { Text = Text }));

        Assert.Equal(SpeechErrorCodes.Internal, e.Code);
        Assert.DoesNotContain("secret", e.Message + e.Solution);
        Assert.Equal(0, service.Queue.Running);
    }

    [Fact]
    public async Task SpeakAsync_ModelFailsLater_FramesThrow()
    {
        await using var service = await TestService.StartAsync();
        service.Model.BeforeChunk = (_, number, _) => number == 2 ? throw new InvalidOperationException() : Task.CompletedTask;

        await using var speech = await service.SpeakAsync(new SpeakRequest { Text = Text });

        var e = await Assert.ThrowsAsync<SpeechException>(() => CollectAsync(speech));
        Assert.Equal(SpeechErrorKind.Internal, e.Kind);
        Assert.Equal(0, service.Queue.Running);
    }

    [Fact]
    public async Task SpeakAsync_NoSound_Throws()
    {
        await using var service = await TestService.StartAsync();
        service.Model.ChunkSamples = 0;

        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(new SpeakRequest { Text = Text }));

        Assert.Equal(SpeechErrorKind.Internal, e.Kind);
    }

    [Fact]
    public async Task Dispose_WithoutListening_StopsTheModelAndFreesTheSlot()
    {
        await using var service = await TestService.StartAsync();
        service.Model.BeforeChunk = (_, number, token) => number == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);

        var speech = await service.SpeakAsync(new SpeakRequest { Text = Text });
        Assert.Equal((1, 1), (service.Queue.Running, service.Model.Active));
        await speech.DisposeAsync();

        Assert.Equal((0, 0), (service.Queue.Running, service.Model.Active));
    }

    [Fact]
    public async Task Cancel_WhileListening_StopsTheModelAndFreesTheSlot()
    {
        await using var service = await TestService.StartAsync();
        service.Model.BeforeChunk = (_, number, token) => number == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using var cancellation = new CancellationTokenSource();
        var speech = await service.SpeakAsync(new SpeakRequest { Text = Text }, cancellation.Token);
        var listening = CollectAsync(speech);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await speech.DisposeAsync();
        Assert.Equal((0, 0), (service.Queue.Running, service.Model.Active));
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstFrame_StopsTheModelAndFreesTheSlot()
    {
        await using var service = await TestService.StartAsync();
        service.Model.BeforeChunk = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        using var cancellation = new CancellationTokenSource();
        var asking = service.SpeakAsync(new SpeakRequest { Text = Text }, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal((0, 0), (service.Queue.Running, service.Model.Active));
    }

    [Fact]
    public async Task SlowListener_DoesNotKeepTheSlotOnceTheModelIsDone()
    {
        await using var service = await TestService.StartAsync(new SynthesisOptions { MaxRunning = 1, MaxWaitSeconds = 3600 });

        await using var unheard = await service.SpeakAsync(new SpeakRequest { Text = Text, Seed = 1 });

        await using var next = await service.SpeakAsync(new SpeakRequest { Text = Text, Seed = 2 });
        Assert.Equal(service.Model.Expected(Text, "amy", 2), await SamplesAsync(next));
        Assert.Equal(service.Model.Expected(Text, "amy", 1), await SamplesAsync(unheard));
    }

    [Fact]
    public async Task Refused_LeavesTheOthersUnharmed()
    {
        await using var service = await TestService.StartAsync(
            new SynthesisOptions { MaxRunning = 1, MaxQueued = 1, MaxWaitSeconds = 3600 });
        var gate = new TaskCompletionSource();
        service.Model.BeforeChunk = (_, number, token) => number == 1 ? gate.Task.WaitAsync(token) : Task.CompletedTask;
        await using var running = await service.SpeakAsync(new SpeakRequest { Text = Text, Seed = 1 });
        var queued = service.SpeakAsync(new SpeakRequest { Text = Text, Seed = 2 });

        var e = await Assert.ThrowsAsync<SpeechException>(
            () => service.SpeakAsync(new SpeakRequest { Text = Text, Seed = 3 }));
        gate.SetResult();

        Assert.Equal(SpeechErrorKind.Busy, e.Kind);
        Assert.True(e.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Equal(service.Model.Expected(Text, "amy", 1), await SamplesAsync(running));
        await using var second = await queued;
        Assert.Equal(service.Model.Expected(Text, "amy", 2), await SamplesAsync(second));
    }

    [Fact]
    public async Task SpeakAsync_ResumedAfterAnyFrame_GoesOnAsIfNothingHadHappened()
    {
        await using var service = await TestService.StartAsync(model: new ToneModel { ChunkSamples = 1111 });
        var request = new SpeakRequest { Text = Text, SpeakerId = "ben", Seed = 3 };
        await using var speech = await service.SpeakAsync(request);
        var frames = await CollectAsync(speech);

        SpeechCheckpoint? newest = null;
        for (var had = 0; had <= frames.Count; had++)
        {
            newest = had > 0 ? frames[had - 1].Checkpoint ?? newest : null;
            foreach (var checkpoint in new[] { newest, null })
            {
                var resume = new SpeechResumption(had, 480L * had, checkpoint);
                await using var rest = await service.SpeakAsync(request with { Resume = resume });
                var resumed = await CollectAsync(rest);

                Assert.Equal(frames.Skip(had).Select(frame => (frame.Number, frame.SampleOffset)), resumed.Select(frame => (frame.Number, frame.SampleOffset)));
                Assert.Equal(frames.Skip(had).SelectMany(frame => frame.Samples.ToArray()), resumed.SelectMany(frame => frame.Samples.ToArray()));
            }
        }
    }

    [Fact]
    public async Task SpeakAsync_CheckpointThatTheEngineRefuses_SaysThatTheResumptionIsInvalid()
    {
        await using var service = await TestService.StartAsync();
        var damaged = new SpeechCheckpoint { Segment = 0, SampleOffset = 0, State = new byte[2] };

        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(
            new SpeakRequest { Text = Text, SpeakerId = "ben", Seed = 3, Resume = new SpeechResumption(0, 0, damaged) }));

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.ResumeInvalid), (e.Kind, e.Code));
        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, service.Queue.Running);
    }

    [Fact]
    public async Task SpeakAsync_ResumedWithTheSlotsTaken_StartsAtOnce()
    {
        await using var service = await TestService.StartAsync(
            new SynthesisOptions { MaxRunning = 1, MaxQueued = 0, MaxWaitSeconds = 0 });
        var gate = new TaskCompletionSource();
        service.Model.BeforeChunk = (input, number, token) =>
            number == 1 && input.Resume is null ? gate.Task.WaitAsync(token) : Task.CompletedTask;
        await using var running = await service.SpeakAsync(new SpeakRequest { Text = Text, Seed = 1 });

        var resume = new SpeechResumption(5, 2400, new SpeechCheckpoint { Segment = 0, SampleOffset = 2400, State = new byte[1] });
        await using var resumed = await service.SpeakAsync(new SpeakRequest { Text = Text, SpeakerId = "amy", Seed = 2, Resume = resume });

        Assert.Equal(service.Model.Expected(Text, "amy", 2)[2400..], await SamplesAsync(resumed));
        gate.SetResult();
    }

    private static async Task<List<AudioFrame>> CollectAsync(Speech speech) =>
        await speech.Frames.ToListAsync().AsTask().WaitAsync(TestService.Patience);

    private static async Task<short[]> SamplesAsync(Speech speech) =>
        [.. (await CollectAsync(speech)).SelectMany(frame => frame.Samples.ToArray())];
}
