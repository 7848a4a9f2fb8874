namespace CosyOrleans.Cli.Cluster;

/// <summary>Waiting for what other processes do.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the condition came true in time; <see cref="Timeout.InfiniteTimeSpan"/> waits until it does.</summary>
    public static Task<bool> ForAsync(Func<bool> condition, TimeSpan patience, CancellationToken cancellationToken) =>
        ForAsync(_ => Task.FromResult(condition()), patience, cancellationToken);

    /// <inheritdoc cref="ForAsync(Func{bool}, TimeSpan, CancellationToken)"/>
    public static async Task<bool> ForAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!await condition(cancellationToken))
        {
            if (patience != Timeout.InfiniteTimeSpan && TimeProvider.System.GetElapsedTime(begin) > patience)
            {
                return false;
            }

            await Task.Delay(Step, cancellationToken);
        }

        return true;
    }
}
