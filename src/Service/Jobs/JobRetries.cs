using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Jobs;

/// <summary>When a failed attempt is made again.</summary>
public static class JobRetries
{
    public const int Most = 3;

    private const double Jitter = 0.2;

    // Somebody who is busy without saying for how long is asked again after this.
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);

    /// <summary>Waiting for a place is not an attempt: how long until asking again; null when it was one.</summary>
    public static TimeSpan? Wait(Exception error) => error is SpeechException { Kind: SpeechErrorKind.Busy or SpeechErrorKind.NotReady } e
        ? e.RetryAfter ?? UsualWait
        : null;

    /// <summary>After so many failed attempts of the item: 1, 2, 4 s, each ± 20 %; null when there is no further one.</summary>
    public static TimeSpan? Delay(Exception error, int failed, int number)
    {
        if (failed > Most || error is SpeechException { Kind: SpeechErrorKind.Invalid })
        {
            return null;
        }

        return TimeSpan.FromSeconds(Math.ScaleB(1, failed - 1) * (1 + Jitter * Spread(number, failed)));
    }

    // -1 to 1, decided by item and attempt, so that items that failed together do not come back together.
    private static double Spread(int number, int failed)
    {
        var mixed = ((uint)number * 2654435761 + (uint)failed) * 2246822519;
        mixed ^= mixed >> 15;
        return mixed * 2654435761 / (double)uint.MaxValue * 2 - 1;
    }
}
