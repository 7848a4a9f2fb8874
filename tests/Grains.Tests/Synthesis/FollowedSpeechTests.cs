using System.Diagnostics.Metrics;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Synthesis;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using CosyVoice.Weights;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Grains.Tests.Synthesis;

public sealed class FollowedSpeechTests : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly SteppedTime _time = new();
    private readonly WorkerDirectory _directory = new(new Random(1));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<ScriptedWorker> _workers = [];
    private FollowedSpeech? _speech;

    public async ValueTask DisposeAsync()
    {
        if (_speech is { } speech)
        {
            await speech.DisposeAsync();
        }

        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Follow_UndisturbedWorker_EveryFrameOnceAndNoOtherIsAsked()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await DeliveredAsync(1);
        await StepsAsync(3);
        call.Frame(1);
        await DeliveredAsync(2);
        await StepsAsync(3);
        call.End();

        Assert.Equal([0, 1], await listener);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task Follow_SilentWorker_AnotherGoesOnFromTheNewestCheckpoint()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0, checkpoint: true);
        call.Frame(1, checkpoint: true);
        call.Frame(2);
        await StepsUntilAsync(() => second.Calls == 1);

        var resumed = second.Take();
        var resume = resumed.Message.Resume!;
        Assert.Equal((3, 3, 1), (resume.FrameNumber, resume.SampleOffset, resume.Checkpoint!.SampleOffset));
        Assert.Equal(7, resumed.Message.Seed);
        resumed.Begin();
        resumed.Frame(3);
        resumed.End();
        Assert.Equal([0, 1, 2, 3], await listener);
        Assert.False(first.Seat.IsAvailable);
        Assert.True(call.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task Follow_VoiceLeftOpen_WhoeverGoesOnIsToldWhatTheFirstDecided()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        Assert.Null(call.Message.VoiceVersion);
        call.Begin(version: 4);
        call.Frame(0);
        await StepsUntilAsync(() => second.Calls == 1);

        var resumed = second.Take();
        Assert.Equal(("amy", 4), (resumed.Message.SpeakerId, resumed.Message.VoiceVersion));
        resumed.Begin(version: 4);
        resumed.Frame(1);
        resumed.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_WhatWasHeardInRecordings_GoesToWhoeverGoesOn()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        var voice = new Speaker
        {
            Id = "nina", Embedding = [.. Enumerable.Range(0, 192).Select(i => i / 7f)], PromptText = [1, 2], FlowPromptTokens = [3], PromptMel = [.. Enumerable.Repeat(-0.1f, 160)],
        };
        call.Say(new SpeechPart
        {
            Details = DetailsMessage.From(new("t", "nina", 7, 24000) { Heard = new(voice, [5, 6, 7], ["It is short."]) }),
        });
        call.Frame(0, checkpoint: true);
        call.Frame(1);
        await StepsUntilAsync(() => second.Calls == 1);

        var resumed = second.Take();
        var heard = resumed.Message.ToRequest().Resume!.Heard!;
        Assert.Equal(("nina", "It is short."), (heard.Voice!.Id, Assert.Single(heard.Warnings)));
        Assert.Equal([5, 6, 7], heard.Source!);
        Assert.Equal(SpeakerTensors.Write(voice), SpeakerTensors.Write(heard.Voice));
        resumed.Say(new SpeechPart { Details = new DetailsMessage("t", "nina", 7, 24000) });
        resumed.Frame(2);
        resumed.End();
        Assert.Equal([0, 1, 2], await listener);
    }

    [Fact]
    public async Task Follow_TwoBeganWithDifferentVersions_TheFirstToSayDecidesAndTheOtherIsStopped()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var speech = Start();
        var listener = ListenAsync(speech);
        var call = first.Take();
        await StepsUntilAsync(() => second.Calls == 1);
        var other = second.Take();
        call.Begin(version: 1);
        Assert.Equal(1, (await speech.Details).VoiceVersion);

        other.Begin(version: 2);
        other.Frame(0);
        await Eventually.Async(() => other.Cancellation.IsCancellationRequested, "the one with the other version is stopped");
        call.Frame(0);
        call.End();

        Assert.Equal([0], await listener);
        Assert.False(call.Parts.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Follow_WorkerThatIsOftenLate_IsWaitedForLonger()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        first.Seat.Suspect();
        first.Report(0); // It was only late.
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await DeliveredAsync(1);
        await StepsAsync(6); // 300 ms.
        Assert.Equal(0, second.Calls);

        await StepsUntilAsync(() => second.Calls == 1);

        var resumed = second.Take();
        resumed.Frame(1);
        resumed.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public void Patience_GrowsWithFalseAlarmsAndShrinksInQuietTimes()
    {
        var worker = Add("a");
        for (var i = 0; i < 5; i++)
        {
            worker.Seat.Suspect();
            worker.Report(0);
        }

        Assert.Equal(3, worker.Seat.Patience);
        for (var i = 0; i < 80; i++)
        {
            worker.Report(0);
        }

        Assert.Equal(1, worker.Seat.Patience);
    }

    [Fact]
    public async Task Follow_WorkerComesBackFirst_TheOtherIsStopped()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await StepsUntilAsync(() => second.Calls == 1);
        var resumed = second.Take();
        resumed.Say(SpeechPart.Heartbeat);

        call.Frame(1);
        call.End();

        Assert.Equal([0, 1], await listener);
        Assert.True(resumed.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task Follow_Heartbeats_KeepTheWorkerHoweverLongItTakes()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        for (var i = 0; i < 40; i++)
        {
            call.Say(SpeechPart.Heartbeat);
            await Eventually.Async(() => call.Parts.Reader.Count == 0, "the heartbeat was taken");
            await StepsAsync(1);
        }

        call.Begin();
        call.Frame(0);
        call.End();
        Assert.Equal([0], await listener);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task Follow_LineBreaks_AnotherIsAskedAtOnce()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await DeliveredAsync(1);

        first.Disconnect();

        var resumed = second.Take(); // Time stands still.
        resumed.Frame(1);
        resumed.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_StreamStopsWithoutEnd_AnotherGoesOn()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        call.Parts.Writer.Complete();

        var resumed = second.Take();
        resumed.Frame(1);
        resumed.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_AllButOneSilent_TheyAreAskedOneAfterTheOther()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var silent = first.Take();
        silent.Begin();
        silent.Frame(0);
        await StepsUntilAsync(() => second.Calls == 1);
        var third = Add("c");
        await StepsUntilAsync(() => third.Calls == 1);

        var call = third.Take();
        call.Begin();
        call.Frame(1);
        call.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_Busy_TheOthersAreAskedAndThenTheShortestWaitIsTold()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var speech = Start();
        first.Take().Say(Refusal(SpeechErrorKind.Busy, 30));
        second.Take().Say(Refusal(SpeechErrorKind.Busy, 20));

        var error = await Assert.ThrowsAsync<SpeechException>(() => speech.Details);
        Assert.Equal(TimeSpan.FromSeconds(20), error.RetryAfter);
    }

    [Fact]
    public async Task Follow_LostBeforeTheFirstSound_IsNotANewcomerElsewhere()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Say(SpeechPart.Heartbeat);
        call.Parts.Writer.Complete(new IOException("gone"));

        var again = second.Take();
        Assert.Equal((0, 0, null), (again.Message.Resume!.FrameNumber, again.Message.Resume.SampleOffset, again.Message.Resume.Checkpoint));
        again.Say(Refusal(SpeechErrorKind.Busy, 30));
        await StepsUntilAsync(() => second.Calls == 2);
        var later = second.Take();
        later.Begin();
        later.Frame(0);
        later.End();
        Assert.Equal([0], await listener);
    }

    [Fact]
    public async Task Follow_InvalidRequest_NobodyElseIsAsked()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var speech = Start();
        first.Take().Say(Refusal(SpeechErrorKind.Invalid, 0));

        var error = await Assert.ThrowsAsync<SpeechException>(() => speech.Details);
        Assert.Equal(SpeechErrorKind.Invalid, error.Kind);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task Follow_DrainedInTheMiddle_AnotherGoesOn()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0, checkpoint: true);
        call.Say(Refusal(SpeechErrorKind.NotReady, 1));

        var resumed = second.Take();
        resumed.Frame(1);
        resumed.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_CheckpointThatNobodyCanUse_IsDoneWithout()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0, checkpoint: true);
        await DeliveredAsync(1);
        first.Disconnect();
        second.Take().Say(new SpeechPart
        {
            Error = ErrorMessage.From(new SpeechException(SpeechErrorKind.Invalid, SpeechErrorCodes.ResumeInvalid, "No.", "Without.")),
        });

        var again = second.Take();
        Assert.Null(again.Message.Resume!.Checkpoint);
        Assert.Equal("amy", again.Message.SpeakerId);
        again.Frame(1);
        again.End();
        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_EveryWorkerFailsAtThePassage_TheSpeechFailsWithTheirReason()
    {
        var first = Add("a");
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await DeliveredAsync(1);
        var (second, third) = (Add("b"), Add("c"));
        call.Say(Refusal(SpeechErrorKind.Internal, 0));
        await StepsUntilAsync(() => second.Calls + third.Calls == 1);
        var (next, last) = second.Calls == 1 ? (second, third) : (third, second);
        next.Take().Say(Refusal(SpeechErrorKind.Internal, 0));
        last.Take().Say(Refusal(SpeechErrorKind.Internal, 0));

        var error = await Assert.ThrowsAsync<SpeechException>(() => listener);
        Assert.Equal("CODE", error.Code);
    }

    [Fact]
    public async Task Follow_NobodyThere_NewcomerWaitsTwoSecondsAndIsToldSo()
    {
        var speech = Start();
        await StepsUntilAsync(() => speech.Details.IsCompleted);

        var error = await Assert.ThrowsAsync<SpeechException>(() => speech.Details);
        Assert.Equal(SpeechErrorCodes.NotReady, error.Code);
        Assert.Equal(2, _time.GetElapsedTime(0).TotalSeconds, tolerance: 0.2);
    }

    [Fact]
    public async Task Follow_NobodyThereForAMoment_TheNextWhoComesIsAsked()
    {
        Start();
        await StepsAsync(10);
        var late = Add("late");
        await StepsUntilAsync(() => late.Calls == 1);
    }

    [Fact]
    public async Task Dispose_InTheMiddle_WorkerIsTold()
    {
        var first = Add("a");
        var speech = Start();
        var call = first.Take();
        call.Begin();
        await speech.Details;

        await speech.DisposeAsync();

        Assert.True(call.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public void Choose_WhoHasAPlace_GoesBeforeWhoHasALineHoweverFastItMoves()
    {
        var (full, free) = (Add("full"), Add("free"));
        full.Report(0, running: 8);
        free.Report(100, running: 7);

        Assert.Equal("free", _directory.Choose("amy", [])!.Key);
        Assert.Equal("full", _directory.Choose("amy", ["free"])!.Key);
    }

    [Fact]
    public void ChooseToGoOn_HoldersOfTheVoiceAndOfThoseTheLessCrowded()
    {
        var (crowded, other, stranger) = (Add("crowded"), Add("other"), Add("stranger"));
        crowded.Report(0, running: 8, voices: "amy");
        other.Report(100, running: 7, voices: "amy");
        stranger.Report(0, running: 0);

        Assert.Equal("other", _directory.ChooseToGoOn("amy", null, [])!.Key);
        other.Seat.Sent();
        other.Seat.Sent();
        Assert.Equal("crowded", _directory.ChooseToGoOn("amy", null, [])!.Key);
        Assert.Equal("stranger", _directory.ChooseToGoOn("amy", null, ["crowded", "other"])!.Key);
    }

    [Fact]
    public void ChooseToGoOn_SameFingerprint_BeforeVoiceAndCrowd()
    {
        var (same, other) = (Add("same", fingerprint: "gpu"), Add("other", fingerprint: "cpu"));
        same.Report(100, running: 8);
        other.Report(0, running: 0, voices: "amy");

        Assert.Equal("same", _directory.ChooseToGoOn("amy", "gpu", [])!.Key);
        Assert.Equal("other", _directory.ChooseToGoOn("amy", "gpu", ["same"])!.Key);
        Assert.Equal("other", _directory.ChooseToGoOn("amy", null, [])!.Key);
    }

    [Fact]
    public async Task Follow_WorkerLost_OneThatSoundsTheSameGoesOnAndAnotherKindOnlyThen()
    {
        var first = Add("a", fingerprint: "gpu");
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await DeliveredAsync(1);
        var other = Add("b", fingerprint: "cpu");
        var same = Add("c", fingerprint: "gpu");
        same.Report(100, running: 7);
        first.Disconnect();
        var second = same.Take(); // Though it is the busier one.
        second.Begin();
        second.Frame(1);
        await DeliveredAsync(2);

        same.Disconnect();
        var last = other.Take();
        last.Begin();
        last.Frame(2);
        last.End();

        Assert.Equal([0, 1, 2], await listener);
    }

    private ScriptedWorker Add(string key, double busy = 0, string? fingerprint = null)
    {
        var worker = new ScriptedWorker(key) { Fingerprint = fingerprint };
        worker.Report(busy);
        _workers.Add(worker);
        _directory.Add(worker.Seat);
        return worker;
    }

    [Fact]
    public async Task Follow_TextBeingWritten_GoesToTheWorkerAsItComes()
    {
        var worker = Add("a");
        var text = new TextInput();
        text.Append("a");
        var listener = ListenAsync(Start(text));
        var call = worker.Take();
        Assert.Empty(worker.Written); // Nobody knows yet whether the call arrived.
        call.Say(SpeechPart.Heartbeat);
        await WrittenAsync(worker, call, "a");
        text.Append("b");
        text.Flush();
        await WrittenAsync(worker, call, "a", "b", "");
        text.Complete();
        await WrittenAsync(worker, call, "a", "b", "", "END");
        call.Begin();
        call.Frame(0);
        call.End();

        Assert.Equal([0], await listener);
    }

    [Fact]
    public async Task Follow_WorkerOfWrittenTextLost_TheOtherGetsAllOfTheTextAndGoesOn()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        var text = new TextInput();
        text.Append("a");
        var listener = ListenAsync(Start(text));
        var call = first.Take();
        call.Begin();
        call.Frame(0, checkpoint: true);
        await DeliveredAsync(1);
        await WrittenAsync(first, call, "a");
        text.Append("b");
        first.Disconnect();
        var resumed = second.Take();
        Assert.Equal((1, 0), (resumed.Message.Resume!.FrameNumber, resumed.Message.Resume.Checkpoint!.SampleOffset));
        Assert.NotEqual(call.Message.TextId, resumed.Message.TextId);
        resumed.Begin();
        text.Append("c");
        text.Complete();
        await WrittenAsync(second, resumed, "a", "b", "c", "END");
        resumed.Frame(1);
        resumed.End();

        Assert.Equal([0, 1], await listener);
    }

    [Fact]
    public async Task Follow_WorkerThatCannotBeWrittenTo_IsLeft()
    {
        var (first, second) = (Add("a"), Add("b", busy: 100));
        first.IsDeaf = true;
        var text = new TextInput();
        text.Append("a");
        text.Complete();
        var listener = ListenAsync(Start(text));
        first.Take().Say(SpeechPart.Heartbeat);

        var call = second.Take();
        call.Begin();
        await WrittenAsync(second, call, "a", "END");
        call.Frame(0);
        call.End();
        Assert.Equal([0], await listener);
    }

    private static async Task WrittenAsync(ScriptedWorker worker, ScriptedWorker.Call call, params string[] pieces)
    {
        await Eventually.Async(() => worker.Written.Count >= pieces.Length, $"{pieces.Length} pieces were written");
        Assert.Equal(pieces.Select(piece => (call.Message.TextId!, piece)), worker.Written);
    }

    private FollowedSpeech Start(TextInput? text = null) => _speech = new FollowedSpeech(
        SpeakMessage.From(new SpeakRequest { Text = text is null ? "Hello." : null, Seed = 7, TaskId = "t" }),
        _directory,
        new FailoverOptions(),
        new ClusterInstruments(_services.GetRequiredService<IMeterFactory>()),
        _time,
        NullLogger.Instance,
        default,
        text);

    private static async Task<List<int>> ListenAsync(FollowedSpeech speech)
    {
        List<int> numbers = [];
        await foreach (var frame in speech.ReadAllAsync(default))
        {
            Assert.Equal(frame.Number, frame.Samples.Span[0]);
            numbers.Add((int)frame.Number);
        }

        return numbers;
    }

    private Task DeliveredAsync(long frames) => Eventually.Async(() => _speech!.NextFrame == frames, $"{frames} frames were delivered");

    /// <summary>Lets the clock of the listener tick so often.</summary>
    private async Task StepsAsync(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            await Eventually.Async(() => _time.Waiting > 0, "the listener waits");
            await Task.Yield();
            _time.Advance(Tick);
        }
    }

    private async Task StepsUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
        {
            if (_time.Waiting > 0)
            {
                _time.Advance(Tick);
            }

            await Task.Delay(1);
        }

        Assert.True(condition());
    }

    private static SpeechPart Refusal(SpeechErrorKind kind, int seconds) => new()
    {
        Error = ErrorMessage.From(new SpeechException(kind, "CODE", "No.", "Later.") { RetryAfter = TimeSpan.FromSeconds(seconds) }),
    };
}
