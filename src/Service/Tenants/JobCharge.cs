using System.Globalization;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Tenants;

/// <summary>
/// What a job speaks, charged to the key that ordered it: each output once, when it is complete, however many attempts it took. A key
/// that opens nothing any more is charged still; one that is not known any more has no limits.
/// </summary>
/// <param name="id">Of the key.</param>
public sealed class JobCharge(string id, KeyRing keys, IUsage usage)
{
    // Limits can be raised, and clocks be put right, before the day is over.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>To be called before an item is spoken.</summary>
    /// <exception cref="SpeechException">Busy: the minutes of the day are used up.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (keys.Known(id) is { } key && await usage.CheckSoundAsync(key, cancellationToken) is { } refusal)
        {
            throw new SpeechException(
                SpeechErrorKind.Busy,
                KeyErrors.QuotaExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The key that ordered this job allows {refusal.Most} minutes of sound in a day, and they are used up: its items wait for midnight UTC."),
                "Wait, cancel the job, or ask whoever runs the server for more.")
            {
                RetryAfter = refusal.RetryAfter < LongestWait ? refusal.RetryAfter : LongestWait,
            };
        }
    }

    /// <summary>An output is complete.</summary>
    /// <param name="seconds">Of sound, 0 or more.</param>
    public void Spoke(double seconds)
    {
        if (keys.Known(id) is { } key)
        {
            usage.Produced(key, seconds);
        }
    }
}
