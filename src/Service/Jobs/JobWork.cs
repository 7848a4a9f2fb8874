using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Jobs;

/// <summary>Takes one item of a job to its end: done, or failed with its reason.</summary>
/// <param name="jobId">Named in the log.</param>
/// <param name="charge">To whom its sound is charged; null for nobody.</param>
public sealed partial class JobWork(
    string jobId, ISynthesis synthesis, AudioEncoders encoders, JobOutputs outputs, TimeProvider time, ILogger<JobWork> logger, JobCharge? charge = null)
{
    private volatile string? _waiting;

    /// <summary>What items are waiting for, where that may take until tomorrow; null otherwise.</summary>
    public string? Waiting => _waiting;

    /// <summary>Returns when the end of the item is recorded.</summary>
    /// <param name="drain">Ends waiting for the next attempt.</param>
    /// <param name="abort">Ends speaking as well.</param>
    /// <exception cref="OperationCanceledException">The item is pending still.</exception>
    public async Task RunAsync(JobEntry entry, IJobStore store, CancellationToken drain, CancellationToken abort)
    {
        var item = entry.Item;
        for (var failed = entry.State.Tries; ;)
        {
            TimeSpan pause;
            JobOutput? output = null;
            try
            {
                output = outputs.Find(item) ?? await SpeakAsync(item, abort);
                pause = default;
            }
            catch (SpeechException e) when (JobRetries.Wait(e) is { } wait)
            {
                pause = wait;
            }
            catch (SpeechException e)
            {
                failed++;
                var delay = JobRetries.Delay(e, failed, item.Number);
                if (delay is { } next)
                {
                    LogAttempt(jobId, item.Number, failed, e.Code, next.TotalSeconds);
                }
                else
                {
                    LogFailed(jobId, item.Number, failed, e.Code);
                }

                var at = time.GetUtcNow();
                await store.RecordAsync(new JobChange(item.Number, item.Name, delay is null ? JobItemStatus.Failed : JobItemStatus.Pending, at)
                {
                    Failure = new JobAttempt(at, e.Code, e.Message),
                });
                if (delay is null)
                {
                    return;
                }

                pause = delay.Value;
            }

            if (output is not null)
            {
                await store.RecordAsync(new JobChange(item.Number, item.Name, JobItemStatus.Done, time.GetUtcNow())
                {
                    Seconds = output.Seconds, Bytes = output.Bytes,
                });
                return;
            }

            await Task.Delay(pause, time, drain);
        }
    }

    private async Task CheckAsync(CancellationToken abort)
    {
        try
        {
            await (charge?.CheckAsync(abort) ?? Task.CompletedTask);
            _waiting = null;
        }
        catch (SpeechException usedUp)
        {
            _waiting = usedUp.Message;
            throw;
        }
    }

    private async Task<JobOutput> SpeakAsync(JobItem item, CancellationToken abort)
    {
        try
        {
            await CheckAsync(abort);
            using var encoder = await encoders.OpenAsync(new AudioOutput(item.Format, item.SampleRate));
            await using var speech = await synthesis.SpeakAsync(item.ToRequest() with { Tenant = TenantScope.Of(jobId).Tenant }, abort);
            var output = await outputs.WriteAsync(item, encoder.Encode(speech, whole: true), abort);
            charge?.Spoke(output.Seconds ?? 0);
            return output;
        }
        catch (Exception e) when (e is not (SpeechException or OperationCanceledException))
        {
            LogUnexpected(e, jobId, item.Number);
            throw SpeechException.Internal(e);
        }
        catch (OperationCanceledException e) when (!abort.IsCancellationRequested)
        {
            // Somebody else gave up on it, such as a node that is shutting down.
            throw SpeechException.Internal(e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Job {JobId}, item {Item}: attempt {Attempt} failed with {Code}; the next one in {Delay:F1} s")]
    private partial void LogAttempt(string jobId, int item, int attempt, string code, double delay);

    [LoggerMessage(3, LogLevel.Warning, "Job {JobId}, item {Item}: attempt {Attempt} failed with {Code}; it was the last")]
    private partial void LogFailed(string jobId, int item, int attempt, string code);

    [LoggerMessage(2, LogLevel.Error, "Job {JobId}, item {Item} failed")]
    private partial void LogUnexpected(Exception exception, string jobId, int item);
}
