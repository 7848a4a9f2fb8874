using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Admission;

public sealed class SpeechQueueLimitTests
{
    private readonly SpeechQueue _queue = new(new SynthesisOptions { MaxRunning = 2, MaxWaitSeconds = 3600 }, new ManualTime());

    [Fact]
    public async Task Limit_Raised_StartsWhoWaits()
    {
        _queue.Limit(1);
        using var first = await _queue.EnterAsync(new(1, 1), default);
        var second = _queue.EnterAsync(new(1, 1), default);
        Assert.False(second.IsCompleted);

        _queue.Limit(2);

        using var ticket = await second.WaitAsync(TestService.Patience);
        Assert.Equal(2, _queue.Slots);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Limit_OutOfRange_NamesTheRange(int slots)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => _queue.Limit(slots));

        Assert.Contains("1 to 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnterAsync_Resumed_CountsOnlyWhatIsLeft()
    {
        _queue.Calibrate(textTokens: 10, soundSeconds: 10, capacity: 10);

        using var ticket = await _queue.EnterAsync(new(30, 1) { IsResumption = true, SecondsBefore = 25 }, default);

        Assert.Equal(5, _queue.QueuedSeconds);
    }

    [Fact]
    public async Task Completed_Resumed_TeachesTheLengthOfTheWhole()
    {
        using (var ticket = await _queue.EnterAsync(new(10, 1) { IsResumption = true, SecondsBefore = 30 }, default))
        {
            ticket.Produced(10);
            ticket.Completed();
        }

        using var next = await _queue.EnterAsync(new(10, 1), default);

        Assert.Equal(40, next.RemainingSeconds);
    }
}
