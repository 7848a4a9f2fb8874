using CosyOrleans.Grains.Messages;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>What becomes of a speech that workers refuse, or that nobody can make.</summary>
public sealed class FollowedRefusalTests : FollowedSpeechBench
{
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
        Assert.Equal(2, Time.GetElapsedTime(0).TotalSeconds, tolerance: 0.2);
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
}
