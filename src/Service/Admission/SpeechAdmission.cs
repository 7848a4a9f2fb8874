namespace CosyOrleans.Service.Admission;

/// <summary>
/// Decides who speaks now, who waits and who is sent away. Work is counted in seconds of sound, capacity in seconds
/// of sound per second, and what is bounded is the wait a newcomer would have. Time is handed in; not thread-safe.
/// </summary>
internal sealed class SpeechAdmission(int slots, int maxQueued, double maxWaitSeconds)
{
    // Long enough to average over bursts of chunks, short enough to follow a machine that gets busy elsewhere.
    private static readonly TimeSpan MeasuringWindow = TimeSpan.FromSeconds(2);
    private const double NewestWeight = 0.3;

    private readonly List<SpeechLoad> _running = [];
    private readonly LinkedList<SpeechLoad> _waiting = [];
    private TimeSpan _windowStart;
    private double _windowSeconds;

    public int Running => _running.Count;

    public int Queued => _waiting.Count;

    /// <summary>Seconds of sound per second that all slots make together.</summary>
    public double Capacity { get; private set; } = 1;

    /// <summary>Takes a measured capacity as the starting point.</summary>
    public void Calibrate(double capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
    }

    public AdmissionAnswer Enter(SpeechLoad load, TimeSpan now)
    {
        if (_running.Count < slots && _waiting.Count == 0)
        {
            Start(load, now);
            return AdmissionAnswer.Started;
        }

        var free = SlotsFreeIn();
        var wait = free.Min();
        var full = _waiting.Count >= maxQueued;
        if (!full && wait <= maxWaitSeconds)
        {
            _waiting.AddLast(load);
            return AdmissionAnswer.Queued;
        }

        var untilShortEnough = wait - maxWaitSeconds;
        var untilPlace = full ? NextSlotFreeIn() : 0;
        return AdmissionAnswer.Refused(TimeSpan.FromSeconds(Math.Max(untilShortEnough, untilPlace)));
    }

    /// <summary>Takes a load out, wherever it is; returns the loads that start because of it.</summary>
    public IReadOnlyList<SpeechLoad> Leave(SpeechLoad load, TimeSpan now)
    {
        if (!_running.Remove(load))
        {
            _waiting.Remove(load);
        }

        List<SpeechLoad> started = [];
        while (_running.Count < slots && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            _running.Add(first.Value);
            started.Add(first.Value);
        }

        if (_running.Count < slots)
        {
            Restart(now);
        }

        return started;
    }

    /// <summary>Reports sound that was made. Capacity is what comes out while every slot is taken.</summary>
    public void Produced(SpeechLoad load, double seconds, TimeSpan now)
    {
        load.ProducedSeconds += seconds;
        if (_running.Count < slots)
        {
            return;
        }

        _windowSeconds += seconds;
        var elapsed = now - _windowStart;
        if (elapsed < MeasuringWindow)
        {
            return;
        }

        Capacity += NewestWeight * (_windowSeconds / elapsed.TotalSeconds - Capacity);
        Restart(now);
    }

    /// <summary>How long somebody who came now would wait for a slot.</summary>
    public double PredictWaitSeconds() =>
        _running.Count < slots && _waiting.Count == 0 ? 0 : SlotsFreeIn().Min();

    private void Start(SpeechLoad load, TimeSpan now)
    {
        _running.Add(load);
        if (_running.Count == slots)
        {
            Restart(now);
        }
    }

    private void Restart(TimeSpan now)
    {
        _windowStart = now;
        _windowSeconds = 0;
    }

    private double NextSlotFreeIn() => _running.Min(load => load.RemainingSeconds) / RatePerSlot;

    // Capacity is shared evenly; whoever waits goes to the slot that is free first, in order of arrival.
    private double[] SlotsFreeIn()
    {
        double[] free = [.. _running.Select(load => load.RemainingSeconds / RatePerSlot)];
        foreach (var waiting in _waiting)
        {
            free[Array.IndexOf(free, free.Min())] += waiting.RemainingSeconds / RatePerSlot;
        }

        return free;
    }

    private double RatePerSlot => Capacity / slots;
}

/// <summary>The decision about a newcomer.</summary>
internal readonly record struct AdmissionAnswer(AdmissionOutcome Outcome, TimeSpan RetryAfter)
{
    public static AdmissionAnswer Started => new(AdmissionOutcome.Started, TimeSpan.Zero);

    public static AdmissionAnswer Queued => new(AdmissionOutcome.Queued, TimeSpan.Zero);

    public static AdmissionAnswer Refused(TimeSpan retryAfter) => new(AdmissionOutcome.Refused, retryAfter);
}

internal enum AdmissionOutcome
{
    Started,
    Queued,
    Refused,
}
