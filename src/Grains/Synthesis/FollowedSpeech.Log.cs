using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Synthesis;

internal sealed partial class FollowedSpeech
{
    [LoggerMessage(1, LogLevel.Warning, "Worker {Worker} broke off speech {TaskId}: {Reason}")]
    private partial void LogBroken(string worker, string? taskId, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Worker {Worker} has been silent in speech {TaskId} for {Milliseconds} ms")]
    private partial void LogSilent(string worker, string? taskId, int milliseconds);

    [LoggerMessage(3, LogLevel.Information, "Worker {Worker} goes on with speech {TaskId} at frame {Frame}")]
    private partial void LogGoesOn(string worker, string? taskId, long frame);
}
