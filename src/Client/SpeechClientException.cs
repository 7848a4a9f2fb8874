namespace CosyOrleans.Client;

/// <summary>A speech that could not be had, after everything that was worth trying.</summary>
public sealed class SpeechClientException(string code, string message, string solution, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The server's error code, or SERVER_NOT_REACHED, SERVER_TOO_SLOW or SPEECH_CHANGED.</summary>
    public string Code { get; } = code;

    /// <summary>What can be done about it.</summary>
    public string Solution { get; } = solution;

    /// <summary>The stage that took longer than its limit; null where that was not the reason.</summary>
    public SpeechStage? Overrun { get; internal init; }

    /// <summary>When the server expects to have time.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Whether another server, or the same one later, may do better.</summary>
    internal bool IsWorthRetrying { get; init; }

    /// <summary>Whether it says nothing about how busy the servers are, so that the next may be asked without waiting.</summary>
    internal bool IsOfThisServer { get; init; }

    internal static SpeechClientException TooSlow(Uri server, SpeechStage stage, TimeSpan limit) => new(
        "SERVER_TOO_SLOW",
        $"{server.Authority} took longer than {limit.TotalMilliseconds:0} ms for {Name(stage)}.",
        $"Look at the server, give more servers, or raise {stage}{(stage == SpeechStage.Stream ? " (GapLimit)" : "Limit")}.")
    {
        Overrun = stage, IsWorthRetrying = true, IsOfThisServer = true,
    };

    internal static SpeechClientException NotReached(Uri server, Exception cause) => new(
        "SERVER_NOT_REACHED",
        $"{server.Authority} does not answer, or broke off: {cause.Message.TrimEnd('.')}.",
        "Start it with cosy serve, or give another address.",
        cause)
    {
        IsWorthRetrying = true, IsOfThisServer = true,
    };

    internal static SpeechClientException Changed(Uri server) => new(
        "SPEECH_CHANGED",
        $"The speech broke off, and {server.Authority} speaks the same request differently.",
        "Ask again from the beginning: the voice or the model was changed, or the servers are not alike.");

    private static string Name(SpeechStage stage) => stage switch
    {
        SpeechStage.Dns => "finding its address",
        SpeechStage.Connect => "connecting",
        SpeechStage.Tls => "encryption",
        SpeechStage.FirstPacket => "the first sound",
        _ => "more sound",
    };
}
