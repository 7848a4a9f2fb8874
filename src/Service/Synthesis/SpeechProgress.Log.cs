using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Synthesis;

internal sealed partial class SpeechProgress
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Speech {TaskId} with voice {Voice}, seed {Seed}: {Seconds:F2} s of sound in {Elapsed:F2} s, the first after {FirstSound:F3} s")]
    private partial void LogSpoken(string taskId, string voice, int seed, double seconds, double elapsed, double firstSound);

    [LoggerMessage(2, LogLevel.Information, "Speech {TaskId} was given up by its listener after {Seconds:F2} s of sound, {Elapsed:F2} s")]
    private partial void LogCancelled(string? taskId, double seconds, double elapsed);

    [LoggerMessage(3, LogLevel.Debug, "A request was refused: {Code}")]
    private partial void LogRefused(string code);

    [LoggerMessage(4, LogLevel.Error, "Speech {TaskId} failed after {Seconds:F2} s of sound")]
    private partial void LogFailed(Exception exception, string? taskId, double seconds);
}
