using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Admission;

public sealed class SpeechLaneTests
{
    private static readonly TimeSpan Start = TimeSpan.Zero;

    [Fact]
    public void Leave_BothLanesWait_InteractiveGoesFirst()
    {
        var (admission, running) = Full(slots: 1);
        var batch = Enter(admission, SpeechLane.Batch, 0);
        var interactive = Enter(admission, SpeechLane.Interactive, 19.9);

        Assert.Equal([interactive], admission.Leave(running[0], At(30)));
        Assert.Equal([batch], admission.Leave(interactive, At(30)));
    }

    [Fact]
    public void Leave_BatchThatHasWaitedLong_GoesBeforeThoseWhoCameAfterItsPatienceEnded()
    {
        var (admission, running) = Full(slots: 1);
        var batch = Enter(admission, SpeechLane.Batch, 0);
        var early = Enter(admission, SpeechLane.Interactive, 20);
        var late = Enter(admission, SpeechLane.Interactive, 20.1);

        Assert.Equal([early], admission.Leave(running[0], At(30)));
        Assert.Equal([batch], admission.Leave(early, At(30)));
        Assert.Equal([late], admission.Leave(batch, At(30)));
    }

    [Fact]
    public void Leave_CutOffSpeechesWait_GoBeforeEverybody()
    {
        var (admission, running) = Full(slots: 2, resumed: 2);
        Enter(admission, SpeechLane.Interactive, 0);
        var resumed = new SpeechLoad(1, isResumption: true);
        Assert.Equal(AdmissionOutcome.Queued, admission.Enter(resumed, At(5)).Outcome);

        Assert.Equal([resumed], admission.Leave(running[0], At(5)));
        Assert.Empty(admission.Leave(running[1], At(5)));
        Assert.Equal((3, 1), (admission.Running, admission.Queued));
    }

    [Fact]
    public void Enter_CutOffSpeech_StartsBeyondTheSlotsUpToTwiceAsMany()
    {
        var admission = new SpeechAdmission(slots: 3, maxQueued: 0, maxWaitSeconds: 0);
        var outcomes = Enumerable.Range(0, 10).Select(_ => admission.Enter(new SpeechLoad(1, isResumption: true), Start).Outcome);

        Assert.Equal(
            [.. Enumerable.Repeat(AdmissionOutcome.Started, 6), .. Enumerable.Repeat(AdmissionOutcome.Queued, 3), AdmissionOutcome.Refused],
            outcomes);
    }

    [Fact]
    public void Enter_BatchCutOff_WaitsLikeOtherBatch()
    {
        var (admission, _) = Full(slots: 1);

        Assert.Equal(AdmissionOutcome.Queued, admission.Enter(new SpeechLoad(1, SpeechLane.Batch, isResumption: true), Start).Outcome);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(8, 7)]
    [InlineData(9, 7)]
    public void Enter_OnlyBatch_LeavesASlotForWhoComesAndListens(int slots, int expected)
    {
        var admission = new SpeechAdmission(slots, maxQueued: 100, maxWaitSeconds: 1000);
        for (var i = 0; i < 2 * slots; i++)
        {
            Enter(admission, SpeechLane.Batch, 0);
        }

        Assert.Equal(expected, admission.Running);
        Assert.Equal(slots > 1 ? AdmissionOutcome.Started : AdmissionOutcome.Queued, admission.Enter(new SpeechLoad(1), At(1)).Outcome);
    }

    [Fact]
    public void PredictWait_CountsOnlyWhoGoesBefore()
    {
        var admission = new SpeechAdmission(slots: 1, maxQueued: 100, maxWaitSeconds: 1000, batchAgeingSeconds: 20);
        admission.Enter(new SpeechLoad(4), Start);
        admission.Enter(new SpeechLoad(100, SpeechLane.Batch), At(10));
        admission.Enter(new SpeechLoad(3), At(10));

        Assert.Equal(7, admission.PredictWaitSeconds(At(10)));
        Assert.Equal(107, admission.PredictWaitSeconds(At(10), SpeechLane.Batch));
        Assert.Equal(107, admission.PredictWaitSeconds(At(31)));
        Assert.Equal(2, admission.Queued);
    }

    [Fact]
    public void PredictWait_SlotKeptFree_IsNoneForWhoListensAndATurnForBatch()
    {
        var admission = new SpeechAdmission(slots: 2, maxQueued: 100, maxWaitSeconds: 1000);
        admission.Calibrate(2);
        admission.Enter(new SpeechLoad(10, SpeechLane.Batch), Start);

        Assert.Equal(0, admission.PredictWaitSeconds(Start));
        Assert.Equal(10, admission.PredictWaitSeconds(Start, SpeechLane.Batch));
    }

    [Fact]
    public void Limit_Lowered_StartsNobodyUntilEnoughHaveEnded()
    {
        var (admission, running) = Full(slots: 3);
        var waiting = Enter(admission, SpeechLane.Interactive, 0);

        Assert.Empty(admission.Limit(1, Start));
        Assert.Empty(admission.Leave(running[0], Start));
        Assert.Empty(admission.Leave(running[1], Start));
        Assert.Equal([waiting], admission.Leave(running[2], Start));
    }

    [Fact]
    public void Limit_Raised_StartsThoseWhoWait()
    {
        var (admission, _) = Full(slots: 1);
        var first = Enter(admission, SpeechLane.Interactive, 0);
        var second = Enter(admission, SpeechLane.Interactive, 0);
        Enter(admission, SpeechLane.Interactive, 0);

        Assert.Equal([first, second], admission.Limit(3, Start));
    }

    [Fact]
    public void QueuedSeconds_CountsWhatIsLeftOfEverything()
    {
        var admission = new SpeechAdmission(slots: 1, maxQueued: 100, maxWaitSeconds: 1000);
        var running = new SpeechLoad(10);
        admission.Enter(running, Start);
        admission.Enter(new SpeechLoad(5), Start);
        admission.Enter(new SpeechLoad(2, SpeechLane.Batch), Start);

        admission.Produced(running, 4, Start);

        Assert.Equal(13, admission.QueuedSeconds);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    public void AnyTraffic_EverybodyIsServedWithinTheSlots(int seed, int slots)
    {
        var random = new Random(seed);
        var admission = new SpeechAdmission(slots, maxQueued: 50, maxWaitSeconds: 1000);
        var (accepted, running, started) = (0, new List<SpeechLoad>(), 0);
        for (var second = 0; second < 5000; second++)
        {
            if (second < 4000 && random.Next(3) > 0)
            {
                // More than can be served, and interactive work without a pause: nothing less would starve batch.
                var load = new SpeechLoad(random.Next(1, 20), (SpeechLane)random.Next(2), random.Next(10) == 0);
                var outcome = admission.Enter(load, At(second)).Outcome;
                accepted += outcome == AdmissionOutcome.Refused ? 0 : 1;
                if (outcome == AdmissionOutcome.Started)
                {
                    running.Add(load);
                    started++;
                }
            }

            if (running.Count > 0 && random.Next(3) > 0)
            {
                var leaving = running[random.Next(running.Count)];
                running.Remove(leaving);
                var next = admission.Leave(leaving, At(second));
                started += next.Count;
                running.AddRange(next);
            }

            Assert.Equal(running.Count, admission.Running);
            Assert.True(running.Count(load => !load.IsUrgent) <= slots && running.Count <= 2 * slots);
            Assert.True(slots == 1 || running.Count(load => load.Lane == SpeechLane.Batch) < slots);
            Assert.InRange(admission.Queued, 0, 50 + slots);
        }

        Assert.Equal((accepted, 0), (started, admission.Queued));
        Assert.True(accepted > 1000);
    }

    [Fact]
    public void InteractiveWithoutAPause_BatchWaitsOnlyItsPatienceAndATurn()
    {
        var (admission, running) = Full(slots: 1);
        var batch = Enter(admission, SpeechLane.Batch, 0);
        var current = running[0];
        var second = 0;
        for (; current != batch && second < 1000; second++)
        {
            Enter(admission, SpeechLane.Interactive, second);
            current = Assert.Single(admission.Leave(current, At(second)));
        }

        Assert.InRange(second, 20, 23);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static SpeechLoad Enter(SpeechAdmission admission, SpeechLane lane, double seconds)
    {
        var load = new SpeechLoad(1, lane);
        admission.Enter(load, At(seconds));
        return load;
    }

    private static (SpeechAdmission Admission, List<SpeechLoad> Running) Full(int slots, int resumed = 0)
    {
        var admission = new SpeechAdmission(slots, maxQueued: 100, maxWaitSeconds: 1000, batchAgeingSeconds: 20);
        List<SpeechLoad> running = [.. Enumerable.Range(0, slots + resumed).Select(i => new SpeechLoad(5, isResumption: i >= slots))];
        Assert.All(running, load => Assert.Equal(AdmissionOutcome.Started, admission.Enter(load, Start).Outcome));
        return (admission, running);
    }
}
