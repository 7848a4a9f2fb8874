namespace CosyOrleans.Service.Tests.Jobs;

/// <summary>Real time, except that who waits once for 0.6 s or more waits only the fiftieth part.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.6);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= Long && period == Timeout.InfiniteTimeSpan ? dueTime / 50 : dueTime, period);
}
