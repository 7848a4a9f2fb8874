using System.Globalization;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Admission;

/// <summary>What is said to those who are sent away.</summary>
internal static class AdmissionErrors
{
    private static readonly TimeSpan AskAgainWhileDraining = TimeSpan.FromSeconds(1);

    public static SpeechException Busy(int running, int queued, TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(Math.Min(retryAfter.TotalSeconds, TimeSpan.SecondsPerDay)));
        var message = string.Create(
            CultureInfo.InvariantCulture, $"The server is busy: {running} speeches are being generated and {queued} are waiting.");
        return new SpeechException(
            SpeechErrorKind.Busy, SpeechErrorCodes.ServerBusy, message, $"Ask again in about {seconds} s, as the Retry-After header says.")
        {
            RetryAfter = TimeSpan.FromSeconds(seconds),
        };
    }

    public static SpeechException Draining() => new(
        SpeechErrorKind.NotReady,
        SpeechErrorCodes.NodeDraining,
        "This node is being drained: it finishes what it has begun and takes on nothing new.",
        "Ask again, or ask another node.")
    {
        RetryAfter = AskAgainWhileDraining,
    };
}
