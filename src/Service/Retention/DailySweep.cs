using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Retention;

/// <summary>
/// Every 24 hours removes temporary files, and jobs that ended long ago. When that was last done is in the data folder, so that
/// restarts do not put it off, and of several processes with one folder one does it.
/// </summary>
/// <param name="data">The data folder.</param>
/// <param name="temporary">Age at which temporary files are removed.</param>
public sealed partial class DailySweep(
    string data, TimeSpan temporary, RetentionOptions options, IJobs jobs, TimeProvider time, ILogger<DailySweep> logger)
{
    /// <summary>How often to look whether it is due.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Period = TimeSpan.FromHours(24);

    /// <summary>Sweeps if it is due and nobody else does; says whether it did.</summary>
    public async Task<bool> RunIfDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(data);
            await using var mark = new FileStream(Path.Combine(data, ".swept"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var now = time.GetUtcNow();
            if (await ReadAsync(mark, cancellationToken) is { } last && last <= now && now - last < Period)
            {
                return false;
            }

            TemporaryFiles.Sweep(data, now - temporary);
            var removed = options.JobDays == 0 ? 0 : await RemoveJobsAsync(now - TimeSpan.FromDays(options.JobDays), cancellationToken);
            await WriteAsync(mark, now, cancellationToken);
            LogSwept(removed);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SpeechException)
        {
            LogLater(e.Message); // Another process is at it, or something is not there yet.
            return false;
        }
    }

    private async Task<int> RemoveJobsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var job in (await jobs.ListAsync(cancellationToken)).Where(job => job.Finished < before))
        {
            removed += await jobs.DeleteAsync(job.Header.Id, cancellationToken) ? 1 : 0;
        }

        return removed;
    }

    private static async Task<DateTimeOffset?> ReadAsync(FileStream mark, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(mark, leaveOpen: true);
        var text = await reader.ReadToEndAsync(cancellationToken);
        return DateTimeOffset.TryParseExact(text.Trim(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) ? last : null;
    }

    private static async Task WriteAsync(FileStream mark, DateTimeOffset now, CancellationToken cancellationToken)
    {
        mark.SetLength(0);
        await using var writer = new StreamWriter(mark, leaveOpen: true);
        await writer.WriteLineAsync(now.ToString("O", CultureInfo.InvariantCulture).AsMemory(), cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "The data folder was swept; {Jobs} old jobs were removed")]
    private partial void LogSwept(int jobs);

    [LoggerMessage(2, LogLevel.Debug, "The data folder cannot be swept now: {Reason}")]
    private partial void LogLater(string reason);
}
