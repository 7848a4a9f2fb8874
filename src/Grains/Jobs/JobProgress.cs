using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// How far a pass over the items of a job has come: the counts of the settled shards, and what is left of the few that
/// are under way. Shards are begun in order and settle in order. Thread-safe.
/// </summary>
internal sealed class JobProgress
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Shard> _open = [];
    private int _cursor;
    private int _frontier;
    private int _done;
    private int _failed;
    private int _doneBefore;

    public JobProgress(BatchJobState state) =>
        (_cursor, _frontier, _done, _failed, _doneBefore) = (state.Cursor, state.Frontier, state.Done, state.Failed, state.DoneBefore);

    /// <summary>Every shard before this one is settled.</summary>
    public int Cursor
    {
        get
        {
            lock (_gate)
            {
                return _cursor;
            }
        }
    }

    /// <summary>True when nobody has got to this shard before.</summary>
    public bool Reach(int shard)
    {
        lock (_gate)
        {
            var isNew = shard >= _frontier;
            _frontier = Math.Max(_frontier, shard + 1);
            return isNew;
        }
    }

    /// <param name="unfinished">Numbers of the items that are left; empty where only their count matters.</param>
    public void Open(int shard, JobShardSummary summary, IEnumerable<int> unfinished)
    {
        lock (_gate)
        {
            _open[shard] = new Shard(summary, [.. unfinished]);
            Settle();
        }
    }

    public void Apply(JobChange change)
    {
        lock (_gate)
        {
            var number = JobShards.Of(change.Number);
            if (change.Status is (JobItemStatus.Done or JobItemStatus.Failed)
                && _open.TryGetValue(number, out var shard) && shard.Unfinished.Remove(change.Number))
            {
                var summary = shard.Summary;
                _open[number] = shard with
                {
                    Summary = change.Status == JobItemStatus.Done
                        ? summary with { Done = summary.Done + 1 }
                        : summary with { Failed = summary.Failed + 1 },
                };
                Settle();
            }
        }
    }

    /// <param name="begun">Numbers of items under way; those that have ended meanwhile do not count.</param>
    public JobCounts Count(int items, IEnumerable<int> begun)
    {
        lock (_gate)
        {
            var done = _done + _doneBefore + _open.Values.Sum(shard => shard.Summary.Done - shard.Summary.DoneBefore);
            var failed = _failed + _open.Values.Sum(shard => shard.Summary.Failed);
            var running = begun.Count(number => _open.TryGetValue(JobShards.Of(number), out var shard) && shard.Unfinished.Contains(number));
            return new JobCounts(items, items - done - failed - running, running, done, failed);
        }
    }

    public void Save(BatchJobState state)
    {
        lock (_gate)
        {
            (state.Cursor, state.Frontier, state.Done, state.Failed, state.DoneBefore) = (_cursor, _frontier, _done, _failed, _doneBefore);
        }
    }

    private void Settle()
    {
        while (_open.TryGetValue(_cursor, out var shard) && shard.Summary.Unfinished == 0)
        {
            _open.Remove(_cursor++);
            _done += shard.Summary.Done;
            _failed += shard.Summary.Failed;
            _doneBefore -= shard.Summary.DoneBefore;
        }
    }

    private sealed record Shard(JobShardSummary Summary, HashSet<int> Unfinished);
}
