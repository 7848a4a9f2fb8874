using CosyOrleans.Service.Admission;

namespace CosyOrleans.Service.Tests.Admission;

public sealed class SpeechAdmissionTests
{
    private static readonly TimeSpan Start = TimeSpan.Zero;

    [Fact]
    public void Enter_SlotFree_Starts()
    {
        var admission = new SpeechAdmission(slots: 2, maxQueued: 0, maxWaitSeconds: 0);

        Assert.Equal(AdmissionOutcome.Started, admission.Enter(new SpeechLoad(5), Start).Outcome);
        Assert.Equal(AdmissionOutcome.Started, admission.Enter(new SpeechLoad(5), Start).Outcome);
        Assert.Equal(2, admission.Running);
    }

    [Fact]
    public void Enter_SlotsTakenAndWaitShort_Queues()
    {
        var admission = Full(slots: 1, load: 5, maxWait: 5);

        Assert.Equal(AdmissionOutcome.Queued, admission.Enter(new SpeechLoad(100), Start).Outcome);
        Assert.Equal(1, admission.Queued);
    }

    [Fact]
    public void Enter_WaitTooLong_RefusesForAsLongAsItIsTooLong()
    {
        var admission = Full(slots: 1, load: 8, maxWait: 5);

        var answer = admission.Enter(new SpeechLoad(1), Start);

        Assert.Equal(AdmissionOutcome.Refused, answer.Outcome);
        Assert.Equal(TimeSpan.FromSeconds(3), answer.RetryAfter);
        Assert.Equal(0, admission.Queued);
    }

    [Fact]
    public void Enter_QueueFull_RefusesUntilTheNextSlotIsFree()
    {
        var admission = new SpeechAdmission(slots: 2, maxQueued: 1, maxWaitSeconds: 1000);
        admission.Enter(new SpeechLoad(4), Start);
        admission.Enter(new SpeechLoad(9), Start);
        admission.Enter(new SpeechLoad(1), Start);

        var answer = admission.Enter(new SpeechLoad(1), Start);

        // Two slots share a capacity of 1, so that 4 seconds of sound take 8.
        Assert.Equal(TimeSpan.FromSeconds(8), answer.RetryAfter);
    }

    [Fact]
    public void Enter_EarlierOnesWait_DoesNotOvertake()
    {
        var admission = new SpeechAdmission(slots: 1, maxQueued: 10, maxWaitSeconds: 100);
        var running = new SpeechLoad(1);
        var first = new SpeechLoad(1);
        var second = new SpeechLoad(1);
        admission.Enter(running, Start);
        admission.Enter(first, Start);
        admission.Enter(second, Start);

        Assert.Equal([first], admission.Leave(running, Start));
        Assert.Equal([second], admission.Leave(first, Start));
    }

    [Fact]
    public void PredictWait_CountsWhatIsLeftOfRunningAndWaitingWork()
    {
        var admission = new SpeechAdmission(slots: 2, maxQueued: 10, maxWaitSeconds: 1000);
        var half = new SpeechLoad(10);
        admission.Enter(half, Start);
        admission.Enter(new SpeechLoad(20), Start);
        admission.Calibrate(2);
        admission.Produced(half, 5, Start);
        Assert.Equal(5, admission.PredictWaitSeconds(Start));

        admission.Enter(new SpeechLoad(7), Start);

        Assert.Equal(12, admission.PredictWaitSeconds(Start));
    }

    [Fact]
    public void PredictWait_RunningLongerThanPredicted_IsNotNegative()
    {
        var admission = new SpeechAdmission(slots: 1, maxQueued: 10, maxWaitSeconds: 10);
        var load = new SpeechLoad(1);
        admission.Enter(load, Start);

        admission.Produced(load, 50, Start);

        Assert.Equal(0, admission.PredictWaitSeconds(Start));
    }

    [Fact]
    public void Leave_WhileWaiting_StartsNobody()
    {
        var admission = Full(slots: 1, load: 1, maxWait: 100);
        var waiting = new SpeechLoad(1);
        admission.Enter(waiting, Start);

        Assert.Empty(admission.Leave(waiting, Start));
        Assert.Equal((1, 0), (admission.Running, admission.Queued));
    }

    [Fact]
    public void Produced_AllSlotsTaken_MovesCapacityTowardsWhatComesOut()
    {
        var admission = new SpeechAdmission(slots: 1, maxQueued: 0, maxWaitSeconds: 0);
        var load = new SpeechLoad(1000);
        admission.Enter(load, Start);

        for (var second = 1; second <= 60; second++)
        {
            admission.Produced(load, 3, TimeSpan.FromSeconds(second));
        }

        // Sixty seconds are thirty windows; what is left of the starting value is 0.7 to the power of 30.
        Assert.Equal(3, admission.Capacity, tolerance: 1e-4);
    }

    [Fact]
    public void Produced_SlotsFree_SaysNothingAboutCapacity()
    {
        var admission = new SpeechAdmission(slots: 2, maxQueued: 0, maxWaitSeconds: 0);
        var load = new SpeechLoad(1000);
        admission.Enter(load, Start);

        for (var second = 1; second <= 60; second++)
        {
            admission.Produced(load, 0.1, TimeSpan.FromSeconds(second));
        }

        Assert.Equal(1, admission.Capacity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Calibrate_NotPositive_Throws(double capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpeechAdmission(1, 0, 0).Calibrate(capacity));

    private static SpeechAdmission Full(int slots, double load, double maxWait)
    {
        var admission = new SpeechAdmission(slots, maxQueued: 100, maxWait);
        for (var i = 0; i < slots; i++)
        {
            admission.Enter(new SpeechLoad(load), Start);
        }

        return admission;
    }
}
