using System.Runtime.CompilerServices;

namespace CosyOrleans.Service.Jobs;

/// <summary>
/// What happens in a job, for any number of readers, none of whom holds up the job: the newest events are kept, and a
/// reader who falls behind them gets the state as a whole and goes on from there.
/// </summary>
/// <param name="latest">Id of the last event so far.</param>
/// <param name="snapshot">The state as it is now.</param>
public sealed class JobFeed(long latest, Func<JobStatus> snapshot)
{
    private const int Kept = 512;

    private readonly Lock _gate = new();
    private readonly JobEvent[] _events = new JobEvent[Kept];
    private long _first = latest + 1;
    private long _latest = latest;
    private long _version;
    private bool _ended;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds an event whose id is one more than that of the last.</summary>
    public void Publish(JobChange? change)
    {
        var status = snapshot();
        lock (_gate)
        {
            _latest++;
            _events[_latest % Kept] = new JobEvent(_latest, status, change);
            _first = Math.Max(_first, _latest - Kept + 1);
            Wake();
        }
    }

    /// <summary>The state changed without an event: every reader gets it as a whole.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            _version++;
            Wake();
        }
    }

    /// <summary>The job exists no longer: readers come to their end.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Wake();
        }
    }

    /// <summary>Events after the given id; without one, or when those are no longer kept, the state first. Ends with the job.</summary>
    public async IAsyncEnumerable<JobEvent> ReadAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after ?? -1;
        var version = Interlocked.Read(ref _version);
        var job = after is null ? null : snapshot();
        while (true)
        {
            (var events, var changed, var ended) = After(last);
            foreach (var next in events)
            {
                yield return next;
                (last, job) = (next.Id, next.Job);
            }

            if (events.Count > 0)
            {
                continue;
            }

            if (version != (version = Interlocked.Read(ref _version)))
            {
                last = -1;
                continue;
            }

            if (ended || job is { Phase: JobPhase.Completed or JobPhase.Cancelled })
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private (IReadOnlyList<JobEvent> Events, Task Changed, bool Ended) After(long last)
    {
        lock (_gate)
        {
            var known = last >= _first - 1 && last <= _latest;
            if (!known)
            {
                return ([new JobEvent(_latest, snapshot(), null)], _changed.Task, _ended);
            }

            List<JobEvent> events = [];
            for (var id = last + 1; id <= _latest; id++)
            {
                events.Add(_events[id % Kept]);
            }

            return (events, _changed.Task, _ended);
        }
    }

    private void Wake()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Something happened: the job as it was then, and the item it happened to, if it was one.</summary>
/// <param name="Id">Increases by one with every event of a job, also over restarts.</param>
public sealed record JobEvent(long Id, JobStatus Job, JobChange? Item);
