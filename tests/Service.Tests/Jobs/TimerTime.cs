namespace CosyOrleans.Service.Tests.Jobs;

/// <summary>Time that stands still until a test moves it to the next timer.</summary>
internal sealed class TimerTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, () => callback(state), dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _now + dueTime);
            _timers.Add(timer);
            _waiting.TrySetResult();
            return timer;
        }
    }

    /// <summary>Whether anybody waits for a moment to come.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_gate)
            {
                return _timers.Any(timer => timer.Due < TimeSpan.MaxValue);
            }
        }
    }

    /// <summary>Moves on without firing anything.</summary>
    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
        }
    }

    /// <summary>Waits until somebody waits, moves on to the moment they wait for, and says how far that was.</summary>
    public async Task<TimeSpan> NextAsync()
    {
        while (true)
        {
            Task waiting;
            lock (_gate)
            {
                if (_timers.Where(timer => timer.Due < TimeSpan.MaxValue).MinBy(timer => timer.Due) is { } next)
                {
                    var step = next.Due - _now;
                    (_now, next.Due) = (next.Due, TimeSpan.MaxValue);
                    Task.Run(next.Fire);
                    return step;
                }

                _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = _waiting.Task;
            }

            await waiting.WaitAsync(TestService.Patience);
        }
    }

    private TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    private sealed class Timer(TimerTime time, Action fire, TimeSpan due) : ITimer
    {
        public TimeSpan Due { get; set; } = due;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : time._now + dueTime;
                time._waiting.TrySetResult();
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
