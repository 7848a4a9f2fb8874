namespace CosyOrleans.Service.Jobs;

/// <summary>The runs of one job, each of which begins when the one before has ended, so that nothing is made twice at once.</summary>
/// <param name="create">Makes a run, given what will abort it.</param>
/// <param name="completed">Called when a run has brought every item to its end.</param>
/// <param name="failed">Called when a run, or <paramref name="completed"/>, has failed; must not throw.</param>
public sealed class JobRuns(Func<CancellationToken, Task<JobRun>> create, Func<Task> completed, Func<Exception, Task> failed)
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _drain = new();
    private CancellationTokenSource _abort = new();
    private volatile JobRun? _run;
    private Task _running = Task.CompletedTask;

    /// <summary>Numbers of the items under way; for a moment also of those whose end is recorded already.</summary>
    public IReadOnlyList<int> Running => _run?.Running ?? [];

    /// <summary>What items under way are waiting for, where that may take long; null otherwise.</summary>
    public string? Waiting => _run?.Waiting;

    /// <summary>Whether no run is under way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _running.IsCompleted;
            }
        }
    }

    public bool IsRunning(int number) => _run?.IsRunning(number) == true;

    public void Begin()
    {
        lock (_gate)
        {
            _drain = new CancellationTokenSource();
            // The same for an earlier run that still ends, so that a cancellation reaches both.
            _abort = _abort.IsCancellationRequested ? new CancellationTokenSource() : _abort;
            _running = RunAsync(_running, _drain.Token, _abort.Token);
        }
    }

    /// <summary>Nothing new begins; what is being spoken ends.</summary>
    public Task DrainAsync()
    {
        CancellationTokenSource drain;
        lock (_gate)
        {
            drain = _drain;
        }

        return drain.CancelAsync();
    }

    /// <summary>Completes when nothing is under way any more.</summary>
    public async Task AbortAsync()
    {
        CancellationTokenSource abort;
        Task running;
        lock (_gate)
        {
            (abort, running) = (_abort, _running);
        }

        await abort.CancelAsync();
        await running;
    }

    private async Task RunAsync(Task earlier, CancellationToken drain, CancellationToken abort)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var run = await create(abort);
            _run = run;
            if (await run.RunAsync(drain, abort))
            {
                await completed();
            }
        }
        catch (Exception e)
        {
            await failed(e);
        }
    }
}
