using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace CosyOrleans.Grains.Jobs;

/// <summary>Calls that are repeated until they succeed, at first quickly.</summary>
internal sealed partial class Perseverance(string jobId, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <exception cref="InconsistentStateException">Somebody else has gone on with the job.</exception>
    public async Task UntilDoneAsync(Func<Task> attempt, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await attempt();
                return;
            }
            catch (Exception e) when (e is not (InconsistentStateException or OperationCanceledException))
            {
                LogAgain(jobId, pause.TotalSeconds, e.Message);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The state of job {JobId} cannot be stored or read; tried again in {Pause:F1} s: {Reason}")]
    private partial void LogAgain(string jobId, double pause, string reason);
}
