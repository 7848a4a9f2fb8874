using System.Runtime.ExceptionServices;
using CosyOrleans.Service.Jobs.Assembly;

namespace CosyOrleans.Service.Jobs;

/// <summary>
/// Works through a job, shard by shard, with a bounded number of items under way. Holds the texts of one shard and of
/// those items, whatever the size of the job.
/// </summary>
/// <param name="inFlight">How many items may be under way; asked each time one could begin.</param>
/// <param name="assembly">Made of the items when they have ended; null for none.</param>
public sealed class JobRun(JobHeader header, IJobStore store, JobWork work, Func<int> inFlight, JobAssembly? assembly = null)
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _running = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;

    /// <summary>Numbers of the items under way; for a moment also of those whose end is recorded already.</summary>
    public IReadOnlyList<int> Running
    {
        get
        {
            lock (_gate)
            {
                return [.. _running];
            }
        }
    }

    /// <summary>What items under way are waiting for, where that may take long; null otherwise.</summary>
    public string? Waiting => Running.Count > 0 ? work.Waiting : null;

    public bool IsRunning(int number)
    {
        lock (_gate)
        {
            return _running.Contains(number);
        }
    }

    /// <summary>Completes when nothing is under way any more: true when every item is done or failed, false when told to stop.</summary>
    /// <param name="drain">Nothing new begins, and what waits to be tried again stays pending; what is being spoken ends.</param>
    /// <param name="abort">Ends that too. Implies <paramref name="drain"/>.</param>
    /// <exception cref="Exception">The store cannot record what happened.</exception>
    public async Task<bool> RunAsync(CancellationToken drain, CancellationToken abort)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);
        // Whoever was told to stop may have ended before the linked token knows.
        bool IsStopped() => stop.IsCancellationRequested || drain.IsCancellationRequested || abort.IsCancellationRequested;
        try
        {
            for (var shard = 0; shard < JobShards.Count(header.Items); shard++)
            {
                foreach (var entry in await store.ReadUnfinishedAsync(shard, stop.Token))
                {
                    await BeginAsync(entry, stop, abort);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is under way is waited for below.
        }
        finally
        {
            await WhenFewerThanAsync(() => 1, CancellationToken.None);
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (assembly is not null && !IsStopped())
        {
            try
            {
                await assembly.RunAsync(store, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It is begun again with the next run.
            }
        }

        return !IsStopped();
    }

    private async Task BeginAsync(JobEntry entry, CancellationTokenSource stop, CancellationToken abort)
    {
        await WhenFewerThanAsync(() => Math.Max(inFlight(), 1), stop.Token);
        stop.Token.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _running.Add(entry.Item.Number);
        }

        _ = Task.Run(() => WorkAsync(entry, stop, abort), CancellationToken.None);
    }

    private async Task WorkAsync(JobEntry entry, CancellationTokenSource stop, CancellationToken abort)
    {
        try
        {
            await work.RunAsync(entry, store, stop.Token, abort);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abort.IsCancellationRequested)
        {
            // It stays pending.
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure ??= e;
            }

            await stop.CancelAsync();
        }

        lock (_gate)
        {
            _running.Remove(entry.Item.Number);
            _changed.TrySetResult();
        }
    }

    private async Task WhenFewerThanAsync(Func<int> limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_running.Count < limit())
                {
                    return;
                }

                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
