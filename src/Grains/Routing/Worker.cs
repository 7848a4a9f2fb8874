using CosyOrleans.Grains.Voices;
using CosyOrleans.Grains.Workers;

namespace CosyOrleans.Grains.Routing;

/// <summary>A worker as those see it who want something spoken: how to reach it, and what was last heard of it.</summary>
public sealed class Worker(string key, IGpuWorkerGrain grain, CancellationToken lost)
{
    // A speech that was sent after the last report, in seconds of sound; only until the next report, so a guess will do.
    private const double UnreportedSeconds = 5;

    private const int LongestPatience = 3;
    private const int CalmReports = 40; // 10 s.

    private int _unreported;
    private int _calm; // Reports since it was last silent.
    private volatile WorkerStatus? _status;
    private volatile bool _suspect;

    public string Key { get; } = key;

    /// <summary>The silo that it is on.</summary>
    public string Silo => Key[..Key.IndexOf('/', StringComparison.Ordinal)];

    public IGpuWorkerGrain Grain { get; } = grain;

    /// <summary>Reads the catalogue on the worker's silo; null: it cannot be asked.</summary>
    public IVoiceReaderGrain? Voices { get; init; }

    /// <summary>Cancelled when the way to this worker is gone for good.</summary>
    public CancellationToken Lost { get; } = lost;

    public WorkerStatus? Status => _status;

    /// <summary>It is silent.</summary>
    public bool IsSuspect => _suspect || Lost.IsCancellationRequested;

    /// <summary>
    /// How much longer than usual silence has to last before it means anything, 1 to 3. A machine with too much to do is
    /// late with everything; were its speeches begun anew elsewhere each time, there would be even more to do.
    /// </summary>
    public int Patience { get; private set; } = 1;

    /// <summary>Whether it makes sense to ask it.</summary>
    public bool IsAvailable => !IsSuspect && _status is { IsReady: true };

    /// <summary>Seconds of work ahead of a newcomer, were everything made one after the other.</summary>
    public double Load => _status is { } status
        ? (status.QueuedSeconds + (Volatile.Read(ref _unreported) * UnreportedSeconds)) / Math.Max(status.Capacity, 0.01)
        : double.PositiveInfinity;

    /// <summary>Speeches there for each slot; below 1 a newcomer need not wait.</summary>
    public double Crowd => _status is { Slots: > 0 } status
        ? (double)(status.Running + status.Queued + Volatile.Read(ref _unreported)) / status.Slots
        : double.PositiveInfinity;

    /// <summary>Whether a newcomer need not wait.</summary>
    public bool HasPlace => Crowd < 1;

    public bool Holds(string? voice) => voice is null || _status?.Voices.Contains(voice) == true;

    /// <summary>Whether it computes the same samples as one with that fingerprint; not where either is unknown.</summary>
    public bool SoundsLike(string? fingerprint) => fingerprint is not null && _status?.Fingerprint == fingerprint;

    public void Sent() => Interlocked.Increment(ref _unreported);

    public void Report(WorkerStatus status)
    {
        _status = status;
        Interlocked.Exchange(ref _unreported, 0);
        if (_suspect)
        {
            (_calm, Patience) = (0, Math.Min(Patience + 1, LongestPatience));
        }
        else if (++_calm % CalmReports == 0)
        {
            Patience = Math.Max(Patience - 1, 1);
        }

        _suspect = false;
    }

    /// <summary>It was silent when it should have spoken: nobody is sent there until it is heard of again.</summary>
    public void Suspect() => _suspect = true;
}
