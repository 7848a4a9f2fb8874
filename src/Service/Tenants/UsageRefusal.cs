using System.Globalization;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Tenants;

/// <summary>What there is too much of.</summary>
public enum UsageLimit
{
    RequestsPerMinute,
    AudioMinutesPerDay,
    Concurrent,
}

/// <param name="Most">What the key allows.</param>
/// <param name="RetryAfter">Until it may be asked again; of speeches at the same time nobody knows, it is worth a try then.</param>
public readonly record struct UsageRefusal(UsageLimit Limit, int Most, TimeSpan RetryAfter)
{
    public SpeechException ToException()
    {
        var seconds = Math.Max(1, Math.Ceiling(RetryAfter.TotalSeconds));
        var what = Limit switch
        {
            UsageLimit.RequestsPerMinute => "requests in a minute",
            UsageLimit.AudioMinutesPerDay => "minutes of sound in a day, which begins at midnight UTC,",
            _ => "speeches at the same time",
        };
        return new SpeechException(
            SpeechErrorKind.Busy,
            KeyErrors.QuotaExceeded,
            string.Create(CultureInfo.InvariantCulture, $"This key allows {Most} {what} and no more."),
            string.Create(CultureInfo.InvariantCulture, $"Ask again in {seconds} s, as the Retry-After header says, or ask whoever runs the server for more."))
        {
            RetryAfter = TimeSpan.FromSeconds(seconds),
        };
    }
}
