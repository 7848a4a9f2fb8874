using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Admission;

public sealed class SpeechQueueTests
{
    [Fact]
    public async Task EnterAsync_SlotsTaken_WaitsForOneToBeFreed()
    {
        var queue = new SpeechQueue(new SynthesisOptions { MaxRunning = 1 }, new ManualTime());
        var first = await queue.EnterAsync(new(1, 1), default);
        var second = queue.EnterAsync(new(1, 1), default);
        Assert.False(second.IsCompleted);

        first.Dispose();

        using var ticket = await second.WaitAsync(TestService.Patience);
        Assert.Equal((1, 0), (queue.Running, queue.Queued));
    }

    [Fact]
    public async Task EnterAsync_CancelledWhileWaiting_GivesThePlaceBack()
    {
        var queue = new SpeechQueue(new SynthesisOptions { MaxRunning = 1 }, new ManualTime());
        using var first = await queue.EnterAsync(new(1, 1), default);
        using var cancellation = new CancellationTokenSource();
        var second = queue.EnterAsync(new(1, 1), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal((1, 0), (queue.Running, queue.Queued));
    }

    [Fact]
    public async Task EnterAsync_NoRoom_SaysWhenToComeBack()
    {
        var queue = new SpeechQueue(new SynthesisOptions { MaxRunning = 1, MaxQueued = 0 }, new ManualTime());
        queue.Calibrate(textTokens: 10, soundSeconds: 10, capacity: 0.5);
        using var first = await queue.EnterAsync(new(30, 1), default);

        var busy = await Assert.ThrowsAsync<SpeechException>(() => queue.EnterAsync(new(1, 1), default));

        // 30 tokens are 30 seconds of sound, made at half a second per second.
        Assert.Equal((SpeechErrorKind.Busy, TimeSpan.FromSeconds(60)), (busy.Kind, busy.RetryAfter));
        Assert.Contains("60 s", busy.Solution);
    }

    [Fact]
    public async Task Dispose_Twice_FreesOneSlotOnly()
    {
        var queue = new SpeechQueue(new SynthesisOptions { MaxRunning = 1 }, new ManualTime());
        var first = await queue.EnterAsync(new(1, 1), default);
        var second = queue.EnterAsync(new(1, 1), default);
        var third = queue.EnterAsync(new(1, 1), default);

        first.Dispose();
        first.Dispose();

        await second.WaitAsync(TestService.Patience);
        Assert.False(third.IsCompleted);
        Assert.Equal((1, 1), (queue.Running, queue.Queued));
    }

    [Fact]
    public async Task Completed_TeachesHowLongTextsSound()
    {
        var queue = new SpeechQueue(new SynthesisOptions { MaxRunning = 1, MaxQueued = 0 }, new ManualTime());
        using (var ticket = await queue.EnterAsync(new(10, 1), default))
        {
            ticket.Produced(40);
            ticket.Completed();
        }

        using var next = await queue.EnterAsync(new(10, 1), default);

        Assert.Equal(40, next.RemainingSeconds);
    }
}
