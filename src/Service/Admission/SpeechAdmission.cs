using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>
/// Decides who speaks now, who waits and who is sent away. Work is counted in seconds of sound, capacity in seconds
/// of sound per second, and what is bounded is the wait a newcomer would have. Time is handed in; not thread-safe.
/// </summary>
internal sealed class SpeechAdmission(int slots, int maxQueued, double maxWaitSeconds, double batchAgeingSeconds = 20)
{
    // Long enough to average over bursts of chunks, short enough to follow a machine that gets busy elsewhere.
    private static readonly TimeSpan MeasuringWindow = TimeSpan.FromSeconds(2);
    private const double NewestWeight = 0.3;

    private readonly List<SpeechLoad> _running = [];
    private readonly SpeechLine _line = new(TimeSpan.FromSeconds(batchAgeingSeconds));
    private SlotRules _rules = new(slots);
    private int _runningBatch;
    private bool _saturated;
    private TimeSpan _windowStart;
    private double _windowSeconds;

    public int Running => _running.Count;

    public int Queued => _line.Count;

    /// <summary>Seconds of sound still to be made of everything that runs or waits, as predicted.</summary>
    public double QueuedSeconds => _running.Sum(load => load.RemainingSeconds) + _line.Seconds;

    /// <summary>Seconds of sound per second that all slots make together.</summary>
    public double Capacity { get; private set; } = 1;

    public int Slots => _rules.Slots;

    /// <summary>Takes a measured capacity as the starting point.</summary>
    public void Calibrate(double capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
    }

    public AdmissionAnswer Enter(SpeechLoad load, TimeSpan now)
    {
        load.Arrival = now;
        _line.Add(load);
        if (StartNext(now).Contains(load))
        {
            return AdmissionAnswer.Started;
        }

        var wait = StartsIn(load);
        // Who was cut off had a place; but so many can be cut off at once that another node serves them sooner.
        var full = load.IsUrgent ? _line.Urgent > Slots : _line.Count > maxQueued;
        if (!full && (load.IsUrgent || wait <= maxWaitSeconds))
        {
            return AdmissionAnswer.Queued;
        }

        _line.Remove(load);
        Track(now);
        var untilShortEnough = wait - maxWaitSeconds;
        var untilPlace = full ? NextSlotFreeIn() : 0;
        return AdmissionAnswer.Refused(TimeSpan.FromSeconds(Math.Max(0, Math.Max(untilShortEnough, untilPlace))));
    }

    /// <summary>Takes a load out, wherever it is; returns the loads that start because of it.</summary>
    public IReadOnlyList<SpeechLoad> Leave(SpeechLoad load, TimeSpan now)
    {
        if (!Stop(load))
        {
            _line.Remove(load);
        }

        return StartNext(now);
    }

    /// <summary>Puts a load that runs back into the line; returns the loads that start because of it, itself perhaps.</summary>
    public IReadOnlyList<SpeechLoad> Return(SpeechLoad load, TimeSpan now)
    {
        if (Stop(load))
        {
            load.IsBack = true;
            _line.Add(load);
        }

        return StartNext(now);
    }

    /// <summary>Changes the number of slots; returns the loads that start because of it. Those that run are not stopped.</summary>
    public IReadOnlyList<SpeechLoad> Limit(int count, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _rules = new SlotRules(count);
        return StartNext(now);
    }

    /// <summary>Reports sound that was made. Capacity is what comes out while nobody else could start.</summary>
    public void Produced(SpeechLoad load, double seconds, TimeSpan now)
    {
        load.ProducedSeconds += seconds;
        if (!_saturated)
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

    /// <summary>How long somebody who came now would wait for a slot: only for those who would go before them.</summary>
    public double PredictWaitSeconds(TimeSpan now, SpeechLane lane = SpeechLane.Interactive)
    {
        var probe = new SpeechLoad(0, lane) { Arrival = now };
        _line.Add(probe);
        var wait = StartsIn(probe);
        _line.Remove(probe);
        return wait;
    }

    private bool Stop(SpeechLoad load)
    {
        var ran = _running.Remove(load);
        _runningBatch -= ran && load.Lane == SpeechLane.Batch ? 1 : 0;
        return ran;
    }

    private List<SpeechLoad> StartNext(TimeSpan now)
    {
        List<SpeechLoad> started = [];
        while (_line.Begin().Next(load => _rules.MayStart(load, _running.Count, _runningBatch)) is { } next)
        {
            _line.Start(next);
            _running.Add(next);
            _runningBatch += next.Lane == SpeechLane.Batch ? 1 : 0;
            started.Add(next);
        }

        if (_running.Count == 0 && _line.Count == 0)
        {
            _line.Forget();
        }

        Track(now);
        return started;
    }

    private void Track(TimeSpan now)
    {
        var saturated = _running.Count >= Slots || _line.Count > 0;
        if (saturated != _saturated)
        {
            Restart(now);
        }

        _saturated = saturated;
    }

    private void Restart(TimeSpan now)
    {
        _windowStart = now;
        _windowSeconds = 0;
    }

    private double NextSlotFreeIn() => _running.Min(load => load.RemainingSeconds) / RatePerSlot;

    /// <summary>Plays what is to come, capacity being shared evenly, up to the start of one who is in the line.</summary>
    private double StartsIn(SpeechLoad load)
    {
        var ends = new PriorityQueue<SpeechLoad, double>(_running.Select(running => (running, running.RemainingSeconds / RatePerSlot)));
        var (now, walk, batch) = (0.0, _line.Begin(), _runningBatch);
        while (true)
        {
            while (walk.Next(next => _rules.MayStart(next, ends.Count, batch)) is { } started)
            {
                if (started == load)
                {
                    return now;
                }

                ends.Enqueue(started, now + started.RemainingSeconds / RatePerSlot);
                batch += started.Lane == SpeechLane.Batch ? 1 : 0;
            }

            ends.TryDequeue(out var ended, out now);
            batch -= ended!.Lane == SpeechLane.Batch ? 1 : 0;
        }
    }

    private double RatePerSlot => Capacity / Math.Max(Slots, _running.Count);
}
