using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

public sealed class SchedulerTests
{
    private static readonly Urgency Dry = new(0, 5);
    private static readonly Urgency First = new(1, 3);
    private static readonly Urgency InHand = new(2, 9);

    private static readonly Urgency Behind = Urgency.OfBackground(progress: 0, now: 1);

    private readonly Scheduler _scheduler = new(maximumBatch: 4, maximumInputs: 64);

    [Fact]
    public void Decide_NothingToDo_IsIdle()
    {
        var decision = _scheduler.Decide([new(0, false, First)]);

        Assert.Empty(decision.Chunks);
        Assert.Empty(decision.Tokens);
    }

    [Fact]
    public void Decide_ChunkOfAStreamRunningDry_GoesBeforeANewRequest()
    {
        Assert.Equal([1], _scheduler.Decide([new(9, false, First), new(1, true, Dry)]).Chunks);
    }

    [Fact]
    public void Decide_NewRequest_GoesBeforeAChunkOfAStreamWithSoundInHand()
    {
        var decision = _scheduler.Decide([new(1, true, InHand), new(9, false, First)]);

        Assert.Empty(decision.Chunks);
        Assert.Equal([(1, 9), (0, 1)], decision.Tokens);
    }

    [Fact]
    public void Decide_SeveralChunks_TakesTheMostUrgent()
    {
        Assert.Equal([2], _scheduler.Decide([new(0, true, InHand), new(0, true, First), new(0, true, Dry)]).Chunks);
    }

    [Fact]
    public void Decide_AFlowThatTakesSeveral_ChunksOfTheSameShapeGoAlongWithTheMostUrgent()
    {
        var scheduler = new Scheduler(maximumBatch: 4, maximumInputs: 64, maximumChunks: 3);
        SequenceNeeds[] needs =
        [
            new(0, true, InHand) { Shape = 128 },
            new(0, true, First) { Shape = 256 },
            new(0, true, Dry) { Shape = 128 },
            new(0, true, Behind) { Shape = 128 },
            new(0, true, InHand) { Shape = 128 },
        ];

        Assert.Equal([2, 0, 4], scheduler.Decide(needs).Chunks);
    }

    [Fact]
    public void Decide_ManySequences_FillsTheBatchByUrgency()
    {
        var needs = Enumerable.Range(0, 6).Select(i => new SequenceNeeds(1, false, new Urgency(1, 10 - i))).ToArray();

        Assert.Equal([5, 4, 3, 2], _scheduler.Decide(needs).Tokens.Select(part => part.Sequence));
    }

    [Fact]
    public void Decide_LongPrompt_IsSplitAndHoldsNobodyUp()
    {
        var decision = _scheduler.Decide([new(500, false, First), new(1, false, InHand)]);

        Assert.Equal([(0, 64), (1, 1)], decision.Tokens);
    }

    [Fact]
    public void Decide_SomebodyWaitsForSound_TheBackgroundStaysOutOfTheStep()
    {
        Assert.Equal([(1, 1)], _scheduler.Decide([new(9, false, Behind), new(1, false, First)]).Tokens);
        Assert.Equal([(1, 1)], _scheduler.Decide([new(9, true, Behind), new(1, false, Dry)]).Tokens);
    }

    [Fact]
    public void Decide_NobodyWaitsForSound_TheBackgroundSharesTheStep()
    {
        Assert.Equal([(1, 1), (0, 9)], _scheduler.Decide([new(9, false, Behind), new(1, false, InHand)]).Tokens);
    }

    [Fact]
    public void Decide_ChunkOfTheBackground_WaitsForEverybodyElse()
    {
        Assert.Equal([1], _scheduler.Decide([new(0, true, Behind), new(0, true, InHand)]).Chunks);
        Assert.Empty(_scheduler.Decide([new(0, true, Behind), new(1, false, InHand)]).Chunks);
        Assert.Equal([0], _scheduler.Decide([new(0, true, Behind)]).Chunks);
    }
}

public sealed class UrgencyTests
{
    [Fact]
    public void Of_StreamRunningDry_IsBeforeAnEarlierFirstPacket()
    {
        Assert.True(Urgency.Of(true, 90, 100.5, now: 100).CompareTo(Urgency.Of(true, 0, null, now: 100)) < 0);
    }

    [Fact]
    public void Of_FirstPacket_IsBeforeAStreamWithSoundInHand()
    {
        Assert.True(Urgency.Of(true, 99, null, now: 100).CompareTo(Urgency.Of(true, 0, 101.5, now: 100)) < 0);
    }

    [Fact]
    public void Of_WholeDelivery_IsLastUntilItHasWaitedLong()
    {
        var stream = Urgency.Of(true, 99, 105, now: 100);

        Assert.True(Urgency.Of(false, 80, null, now: 100).CompareTo(stream) > 0);
        Assert.True(Urgency.Of(false, 60, null, now: 100).CompareTo(stream) < 0);
    }

    [Fact]
    public void OfBackground_IsLast()
    {
        var background = Urgency.OfBackground(progress: 75, now: 100);

        Assert.True(background.CompareTo(Urgency.Of(false, 99, null, now: 100)) > 0);
        Assert.True(background.CompareTo(Urgency.Of(true, 0, 1000, now: 100)) > 0);
    }

    [Fact]
    public void OfBackground_HasStoodStillForLong_GoesBeforeSoundInHandButNeverBeforeAListenerWithout()
    {
        var background = Urgency.OfBackground(progress: 0, now: 100);

        Assert.True(background.CompareTo(Urgency.Of(true, 0, 105, now: 100)) < 0);
        Assert.True(background.CompareTo(Urgency.Of(true, 100, null, now: 100)) > 0);
        Assert.True(background.CompareTo(Urgency.Of(true, 0, 100.5, now: 100)) > 0);
    }
}
