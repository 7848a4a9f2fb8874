using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Service.Synthesis;

/// <summary>How somebody who listens to a worker notices that it is gone, and what they do.</summary>
public sealed class FailoverOptions
{
    /// <summary>
    /// Silence after which another worker is asked to go on, while the first may still come back. 100 to 10,000 ms,
    /// default 200; workers are heard every 50 ms.
    /// </summary>
    [Range(100, 10_000)]
    public int SilenceMilliseconds { get; init; } = 200;

    /// <summary>Workers asked at the same time for one speech, the silent ones included. 1 to 8, default 3.</summary>
    [Range(1, 8)]
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Times that workers may fail at one passage before the speech fails. 1 to 10, default 3.</summary>
    [Range(1, 10)]
    public int MaxFailures { get; init; } = 3;

    /// <summary>Seconds without any worker that could go on after which a speech fails. 1 to 600, default 30.</summary>
    [Range(1, 600)]
    public int GiveUpSeconds { get; init; } = 30;

    /// <summary>Seconds of sound kept here ahead of a listener; what is kept cannot be lost with a worker. 1 to 600, default 10.</summary>
    [Range(1, 600)]
    public int ReadAheadSeconds { get; init; } = 10;
}
