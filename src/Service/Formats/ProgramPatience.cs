namespace CosyOrleans.Service.Formats;

/// <summary>
/// Ends when a program neither takes what it is given nor gives anything for so long. Time in which nobody has anything for
/// it, or nobody takes what it has, does not count.
/// </summary>
internal sealed class ProgramPatience(TimeSpan limit, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, time);
    private readonly Lock _gate = new();
    private bool _giving;
    private bool _taking;

    public CancellationToken Ended => _end.Token;

    /// <summary>Whether it is being given something, or has been given everything.</summary>
    public bool Giving
    {
        set => Set(() => _giving = value);
    }

    /// <summary>Whether somebody waits for what it gives.</summary>
    public bool Taking
    {
        set => Set(() => _taking = value);
    }

    public void Dispose() => _end.Dispose();

    private void Set(Action change)
    {
        lock (_gate)
        {
            change();
            _end.CancelAfter(_giving && _taking ? limit : Timeout.InfiniteTimeSpan);
        }
    }
}
