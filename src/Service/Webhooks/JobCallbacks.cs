using System.Text.Json;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Jobs;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Webhooks;

/// <summary>
/// Tells the receiver of a job what ended: each item in order, where that is wanted, and then the job. How far it is, webhook.json
/// in the job's folder says, so that a restart tells the rest; something may be told twice, with the same id. A call that is not
/// taken is made again after 1, 2, 4 … seconds, at most ten minutes apart, and given up after 12 attempts.
/// </summary>
/// <param name="folder">Of the job.</param>
/// <param name="items">Up to so many items from a number on.</param>
/// <param name="run">Begins something of this, where the other functions may be called.</param>
/// <param name="ended">Called when there is nothing to tell any more, until <see cref="Start"/> is called again.</param>
public sealed partial class JobCallbacks(
    string folder,
    WebhookPlan plan,
    WebhookSender sender,
    JobFeed feed,
    Func<JobStatus> status,
    Func<int, int, Task<IReadOnlyList<JobEntry>>> items,
    Func<Task> ended,
    Func<Func<Task>, Task> run,
    TimeProvider time,
    ILogger logger)
{
    private const string FileName = "webhook.json";
    private const int Attempts = 12;
    private const double LongestPause = 600;

    private readonly Lock _gate = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _again;
    private WebhookState? _state;

    public WebhookState State => _state ??= Load();

    /// <summary>Whether something has not been told of a job in this state.</summary>
    public bool IsPending(JobStatus job) => job.Finished is null || job.Finished != State.Told;

    /// <summary>Tells whatever there is to tell, now and until the job has ended.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_running.IsCompleted)
            {
                _again = true;
                return;
            }

            if (IsPending(status()))
            {
                _stop = new CancellationTokenSource();
                var stop = _stop.Token;
                _running = run(() => RunAsync(stop));
            }
        }
    }

    /// <summary>Completes when nothing is being told any more.</summary>
    public async Task StopAsync()
    {
        Task running;
        CancellationTokenSource stop;
        lock (_gate)
        {
            (running, stop, _again) = (_running, _stop, false);
        }

        await stop.CancelAsync();
        await running;
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // Somebody may have asked again for what has been told by now.
                if (IsPending(status()))
                {
                    await TellAllAsync(stop);
                }

                lock (_gate)
                {
                    if (!_again)
                    {
                        break;
                    }

                    _again = false;
                }
            }

            await ended();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Goes on after the next start.
        }
        catch (Exception e)
        {
            LogStopped(e, Path.GetFileName(folder));
        }
    }

    private async Task TellAllAsync(CancellationToken stop)
    {
        await foreach (var happened in feed.ReadAsync(null, stop))
        {
            if (plan.Items && (happened.Item is null || happened.Item.Number == State.Next))
            {
                await TellItemsAsync(stop);
            }
        }

        var job = status();
        if (job.Finished is { } at && at != State.Told)
        {
            await TellItemsAsync(stop);
            var problem = await TellAsync(WebhookBody.OfJob(job), stop);
            // After a retry all items are told again.
            Save(new WebhookState { Told = at, Problem = problem });
            feed.Refresh();
        }
    }

    // In order, so that one number says how far it is; those that end before an earlier one wait for it.
    private async Task TellItemsAsync(CancellationToken stop)
    {
        while (plan.Items && State.Next <= status().Header.Items)
        {
            var entries = await items(State.Next, JobShards.Size);
            foreach (var entry in entries)
            {
                if (entry.State.Status is not (JobItemStatus.Done or JobItemStatus.Failed))
                {
                    return;
                }

                var problem = await TellAsync(WebhookBody.OfItem(status(), entry), stop);
                // Who does not answer for half an hour is not asked for each item again, only at the end of the job.
                Save(State with { Next = problem is null ? entry.Item.Number + 1 : int.MaxValue, Problem = problem });
                if (problem is not null)
                {
                    return;
                }
            }
        }
    }

    private async Task<string?> TellAsync(WebhookBody body, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var problem = await sender.SendAsync(plan, body, stop);
            if (problem is null)
            {
                return null;
            }

            var pause = TimeSpan.FromSeconds(Math.Min(Math.ScaleB(1, attempt - 1), LongestPause));
            LogRefused(body.Id, attempt, problem);
            if (attempt == Attempts)
            {
                return $"{char.ToUpperInvariant(problem[0])}{problem[1..]}, {Attempts} times.";
            }

            await Task.Delay(pause, time, stop);
        }
    }

    private WebhookState Load()
    {
        try
        {
            return JsonSerializer.Deserialize<WebhookState>(File.ReadAllBytes(Path.Combine(folder, FileName)), JobJson.Options)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Nothing was told yet, or nobody knows what was: it is told again.
            return new WebhookState();
        }
    }

    private void Save(WebhookState state)
    {
        var partial = Path.Combine(folder, $"{FileName}.partial");
        DurableFiles.WriteAll(partial, JsonSerializer.SerializeToUtf8Bytes(state, JobJson.Options));
        File.Move(partial, Path.Combine(folder, FileName), overwrite: true);
        DurableFiles.FlushFolder(folder);
        _state = state;
    }

    [LoggerMessage(1, LogLevel.Warning, "Call {Id}, attempt {Attempt}, was not taken: {Reason}")]
    private partial void LogRefused(string id, int attempt, string reason);

    [LoggerMessage(2, LogLevel.Error, "The calls of job {JobId} stopped; they go on after a restart")]
    private partial void LogStopped(Exception exception, string jobId);
}
