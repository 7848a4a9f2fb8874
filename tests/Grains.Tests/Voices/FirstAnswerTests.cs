using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Grains.Tests.Voices;

public sealed class FirstAnswerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource<int> _first = new();
    private readonly TaskCompletionSource<int> _second = new();
    private int _asked;

    [Fact]
    public async Task Of_FirstAnswersInTime_TheSecondIsNotAsked()
    {
        var answer = AskAsync();
        _first.SetResult(1);

        Assert.Equal((1, 1), (await answer, _asked));
    }

    [Fact]
    public async Task Of_FirstFails_TheSecondIsAskedAtOnce()
    {
        var answer = AskAsync();
        _first.SetException(new InvalidOperationException("gone"));
        _second.SetResult(2);

        Assert.Equal(2, await answer);
    }

    [Fact]
    public async Task Of_FirstCannotEvenBeAsked_TheSecondIsAskedAtOnce() => Assert.Equal(
        2, await FirstAnswer.OfAsync<int>([() => throw new ObjectDisposedException("line"), () => Task.FromResult(2)], Patience, _time, default));

    [Fact]
    public async Task Of_FirstIsSilent_TheSecondIsAskedAfterThePatience()
    {
        var answer = AskAsync();
        Assert.Equal(1, _asked);
        _time.Advance(Patience);
        await Eventually.Async(() => _asked == 2, "the second is asked");
        _second.SetResult(2);

        Assert.Equal(2, await answer);
    }

    [Fact]
    public async Task Of_SecondFailsWhileTheFirstIsSilent_TheFirstIsWaitedFor()
    {
        var answer = AskAsync();
        _time.Advance(Patience);
        await Eventually.Async(() => _asked == 2, "the second is asked");
        _second.SetException(new InvalidOperationException("gone, too"));
        _first.SetResult(1);

        Assert.Equal(1, await answer);
    }

    [Fact]
    public async Task Of_AllFail_TheLastErrorIsThrown()
    {
        _first.SetException(new InvalidOperationException("gone"));
        _second.SetException(new InvalidOperationException("gone, too"));

        Assert.Equal("gone, too", (await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync())).Message);
    }

    [Fact]
    public async Task Of_Cancelled_EndsThoughNobodyAnswers()
    {
        using var stop = new CancellationTokenSource();
        var answer = AskAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    private Task<int> AskAsync(CancellationToken cancellationToken = default) =>
        FirstAnswer.OfAsync([() => Ask(_first), () => Ask(_second)], Patience, _time, cancellationToken);

    private Task<int> Ask(TaskCompletionSource<int> way)
    {
        Interlocked.Increment(ref _asked);
        return way.Task;
    }
}
