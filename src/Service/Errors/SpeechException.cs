using CosyVoice.Engine;

namespace CosyOrleans.Service.Errors;

/// <summary>
/// The one way the service says no: what happened, in words for the person who asked, and what they can do.
/// Nothing in it is secret, so it may be shown as it is.
/// </summary>
public sealed class SpeechException(SpeechErrorKind kind, string code, string message, string solution, Exception? cause = null)
    : Exception(message, cause)
{
    private static readonly TimeSpan AfterMemory = TimeSpan.FromSeconds(5);

    public SpeechErrorKind Kind { get; } = kind;

    /// <summary>Stable name of the error, one of <see cref="SpeechErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What the person who asked can do about it.</summary>
    public string Solution { get; } = solution;

    /// <summary>When asking again is likely to succeed; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>One error for everything that is wrong with a request.</summary>
    public static SpeechException Invalid(IReadOnlyList<Violation> violations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(violations.Count);
        var code = violations.All(v => v.Code == violations[0].Code) ? violations[0].Code : SpeechErrorCodes.RequestInvalid;
        return new SpeechException(
            SpeechErrorKind.Invalid,
            code,
            string.Join(" ", violations.Select(v => v.Message)),
            string.Join(" ", violations.Select(v => v.Solution).Distinct()));
    }

    /// <summary>What whoever asked is told of whatever went wrong while speaking.</summary>
    public static SpeechException Of(Exception failure) => failure switch
    {
        SpeechException known => known,
        OutOfMemoryException => new(
            SpeechErrorKind.Busy,
            SpeechErrorCodes.DeviceMemory,
            $"The memory of the device did not suffice: {failure.Message}",
            "Ask again in a moment: the server now speaks fewer requests at the same time. If it happens again, whoever runs it lowers " +
            "Synthesis:MaxRunning, gives Device:CachePositions what the device can hold, or uses another Device:Precision.",
            failure)
        {
            RetryAfter = AfterMemory,
        },
        CacheCapacityException => new(
            SpeechErrorKind.Configuration,
            SpeechErrorCodes.DeviceMemory,
            $"The memory of the device can never suffice for this: {failure.Message}",
            "Make the sentences shorter, or a recording to speak like. Whoever runs the server raises Device:CachePositions.",
            failure),
        NotFiniteNumberException => new(
            SpeechErrorKind.Configuration,
            SpeechErrorCodes.NotANumber,
            $"{failure.Message} The type it is computed in is too small for it, or its weights are damaged.",
            "Whoever runs the server sets Device:Precision to BFloat16 or Float32, or looks whether the model's files are complete.",
            failure),
        _ => Internal(failure),
    };

    public static SpeechException Internal(Exception? cause = null) => new(
        SpeechErrorKind.Internal,
        SpeechErrorCodes.Internal,
        "Something went wrong inside the server.",
        "Try again. If it happens again, report it with the X-Request-Id of this answer; the server's log has the details.",
        cause);
}

/// <summary>Who has to act on an error.</summary>
public enum SpeechErrorKind
{
    /// <summary>The request has to change.</summary>
    Invalid,

    /// <summary>The request is fine; there is no room for it now.</summary>
    Busy,

    /// <summary>The request is fine; the model is still being loaded, or the node is about to end.</summary>
    NotReady,

    /// <summary>Whoever runs the server has to change its configuration.</summary>
    Configuration,

    /// <summary>A fault of the server.</summary>
    Internal,
}
