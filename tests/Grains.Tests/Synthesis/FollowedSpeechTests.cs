using CosyOrleans.Grains.Messages;
using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>Whoever listens hears every frame once, whichever worker is silent, late or lost.</summary>
public sealed class FollowedSpeechTests : FollowedSpeechBench
{
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
}
