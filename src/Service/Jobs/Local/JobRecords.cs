namespace CosyOrleans.Service.Jobs.Local;

/// <summary>
/// What is known of a local job and its items: items.jsonl says what was ordered, journal.jsonl what became of it.
/// </summary>
internal sealed class JobRecords : IJobStore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly JobHeader _header;
    private readonly ItemsFile _items;
    private readonly JobLedger _ledger;
    private readonly JobJournal _journal;
    private readonly Action<JournalRecord> _applied;
    private readonly JobRuns _runs;
    private string? _problem;

    /// <param name="applied">Gets every record, those on the disk at once, later ones as soon as they are safe.</param>
    /// <param name="runs">Know what is under way, which is not recorded.</param>
    /// <exception cref="InvalidDataException">The files do not belong together.</exception>
    public JobRecords(string folder, JobHeader header, Action<JournalRecord> applied, JobRuns runs)
    {
        (_header, _applied, _runs) = (header, applied, runs);
        _items = new ItemsFile(folder, header.Items);
        _ledger = new JobLedger(header.Items);
        _journal = new JobJournal(folder, Apply);
    }

    /// <summary>Records so far.</summary>
    public long Count => _journal.Count;

    /// <summary>Bytes at the end of the journal that could not be used.</summary>
    public long Lost => _journal.Lost;

    public JobStatus Status
    {
        get
        {
            var begun = _runs.Running;
            lock (_gate)
            {
                var running = begun.Count(number => _ledger.StatusOf(number) == JobItemStatus.Pending);
                var counts = new JobCounts(_header.Items, _ledger.Pending - running, running, _ledger.Done, _ledger.Failed);
                return new JobStatus(_header, _ledger.Phase, counts, _ledger.Phase.IsFinished() ? _ledger.Since : null, _problem);
            }
        }
    }

    /// <summary>Records that the job enters a phase. False when it had ended before that.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public async Task<bool> EnterAsync(JournalRecord record)
    {
        await _journal.AppendAsync(record);
        lock (_gate)
        {
            var entered = _ledger.Phase == record.Job;
            _problem = entered ? null : _problem;
            return entered;
        }
    }

    /// <summary>The job cannot go on by itself; not recorded, because that is what fails.</summary>
    public void Stall(string problem)
    {
        lock (_gate)
        {
            _problem = problem;
            _ledger.Stall();
        }
    }

    public IReadOnlyList<JobEntry> Find(int from, int limit, JobItemStatus? status)
    {
        List<int> numbers = [];
        lock (_gate)
        {
            for (var number = from; number <= _header.Items && numbers.Count < limit; number++)
            {
                if (status is null || StatusOf(number) == status)
                {
                    numbers.Add(number);
                }
            }
        }

        return [.. numbers.GroupBy(JobShards.Of).SelectMany(shard => Entries(shard.Key, shard))];
    }

    public ValueTask<IReadOnlyList<JobEntry>> ReadUnfinishedAsync(int shard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var first = shard * JobShards.Size + 1;
        List<int> numbers;
        lock (_gate)
        {
            var count = Math.Min(JobShards.Size, _header.Items - first + 1);
            numbers = [.. Enumerable.Range(first, count).Where(number => _ledger.StatusOf(number) == JobItemStatus.Pending)];
        }

        return new([.. numbers.Count == 0 ? [] : Entries(shard, numbers)]);
    }

    public ValueTask<IReadOnlyList<JobEntry>> ReadAllAsync(int shard, CancellationToken cancellationToken) =>
        new(Find((shard * JobShards.Size) + 1, JobShards.Size, null));

    public Task RecordAsync(JobChange change)
    {
        long? previous;
        lock (_gate)
        {
            previous = _ledger.LastOf(change.Number);
        }

        return _journal.AppendAsync(JournalRecord.Of(change, previous));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _items.Dispose();
    }

    private JobItemStatus StatusOf(int number) =>
        _ledger.StatusOf(number) is var status && status == JobItemStatus.Pending && _runs.IsRunning(number)
            ? JobItemStatus.Running
            : status;

    private IEnumerable<JobEntry> Entries(int shard, IEnumerable<int> numbers)
    {
        var items = _items.Read(shard);
        return numbers.Select(number => new JobEntry(items[(number - 1) % JobShards.Size], StateOf(number))).ToList();
    }

    private JobItemState StateOf(int number)
    {
        JobItemState state;
        long? last;
        bool cancelled;
        DateTimeOffset? since;
        lock (_gate)
        {
            state = new JobItemState(StatusOf(number)) { Tries = _ledger.TriesOf(number) };
            (last, cancelled, since) = (_ledger.LastOf(number), _ledger.IsCancelled(number), _ledger.Since);
        }

        List<JobAttempt> attempts = [];
        for (var offset = last; offset is { } at;)
        {
            var record = _journal.ReadAt(at);
            if (record.Attempt is { } attempt)
            {
                attempts.Insert(0, attempt);
            }

            if (offset == last && state.Status == JobItemStatus.Done)
            {
                state = state with { Seconds = record.Seconds, Bytes = record.Bytes };
            }

            offset = record.Previous;
        }

        if (cancelled)
        {
            attempts.Add(JobAttempt.Cancelled(since!.Value));
        }

        return state with { Attempts = attempts };
    }

    private void Apply(JournalRecord record, long offset)
    {
        lock (_gate)
        {
            _ledger.Apply(record, offset);
        }

        _applied(record);
    }
}
