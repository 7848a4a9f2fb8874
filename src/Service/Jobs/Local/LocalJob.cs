using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Jobs.Local;

/// <summary>A job in a folder of this machine: job.json, items.jsonl, journal.jsonl and the outputs in out/.</summary>
internal sealed partial class LocalJob : IJobStore, IAsyncDisposable
{
    public const string HeaderName = "job.json";

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _commands = new(1);
    private readonly ItemsFile _items;
    private readonly JobLedger _ledger;
    private readonly JobJournal _journal;
    private readonly JobRuns _runs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string? _problem;
    private bool _closed;

    /// <param name="work">Given the outputs of this job, what takes an item to its end.</param>
    /// <param name="inFlight">How many items may be under way.</param>
    /// <exception cref="InvalidDataException">The files do not belong together.</exception>
    public LocalJob(string folder, JobHeader header, Func<JobOutputs, JobWork> work, Func<int> inFlight, TimeProvider time, ILogger logger)
    {
        (Folder, Header, _time, _logger) = (folder, header, time, logger);
        Outputs = new JobOutputs(Path.Combine(folder, JobOutputs.FolderName));
        var toEnd = work(Outputs);
        _runs = new JobRuns(_ => Task.FromResult(new JobRun(header, this, toEnd, inFlight)), CompleteAsync, StallAsync);
        _items = new ItemsFile(folder, header.Items);
        _ledger = new JobLedger(header.Items);
        _journal = new JobJournal(folder, Apply);
        if (_journal.Lost > 0)
        {
            LogCut(header.Id, _journal.Lost);
        }

        Feed = new JobFeed(_journal.Count, () => Status);
    }

    public string Folder { get; }

    public JobHeader Header { get; }

    public JobOutputs Outputs { get; }

    /// <summary>Its ids are the numbers of the journal's records.</summary>
    public JobFeed Feed { get; }

    public JobStatus Status
    {
        get
        {
            var begun = _runs.Running;
            lock (_gate)
            {
                var running = begun.Count(number => _ledger.StatusOf(number) == JobItemStatus.Pending);
                var counts = new JobCounts(Header.Items, _ledger.Pending - running, running, _ledger.Done, _ledger.Failed);
                return new JobStatus(Header, _ledger.Phase, counts, _ledger.Phase.IsFinished() ? _ledger.Since : null, _problem);
            }
        }
    }

    /// <summary>Goes on where the journal ends, if there is anything left to do and nobody does it.</summary>
    public void Start()
    {
        if (Status.Phase == JobPhase.Running && _runs.IsIdle)
        {
            _runs.Begin();
        }
    }

    /// <summary>Null when the job is being closed.</summary>
    public async Task<JobReply?> CommandAsync(JobCommand command, CancellationToken cancellationToken)
    {
        await _commands.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
            {
                return null;
            }

            var status = Status;
            var next = status.Phase.After(command, status.Counts.Failed);
            var accepted = next is { } phase && (phase == status.Phase || await EnterAsync(phase, retry: command == JobCommand.Retry));
            return new JobReply(accepted, Status);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(JobErrorCodes.DataNotWritten, "The command", e);
        }
        finally
        {
            _commands.Release();
        }
    }

    public IReadOnlyList<JobEntry> Find(int from, int limit, JobItemStatus? status)
    {
        List<int> numbers = [];
        lock (_gate)
        {
            for (var number = from; number <= Header.Items && numbers.Count < limit; number++)
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
            var count = Math.Min(JobShards.Size, Header.Items - first + 1);
            numbers = [.. Enumerable.Range(first, count).Where(number => _ledger.StatusOf(number) == JobItemStatus.Pending)];
        }

        return new([.. numbers.Count == 0 ? [] : Entries(shard, numbers)]);
    }

    public Task RecordAsync(JobChange change)
    {
        long? previous;
        lock (_gate)
        {
            previous = _ledger.LastOf(change.Number);
        }

        return _journal.AppendAsync(JournalRecord.Of(change, previous));
    }

    /// <summary>Ends what is under way; the job goes on with the next <see cref="LocalJob"/> of its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _commands.WaitAsync();
        _closed = true;
        await _runs.AbortAsync();
        _commands.Release();
        Feed.End();
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

        Feed?.Publish(record.ToChange());
    }

    /// <summary>False when the job ended before it could be told.</summary>
    private async Task<bool> EnterAsync(JobPhase phase, bool retry)
    {
        if (phase == JobPhase.Cancelled)
        {
            await _runs.AbortAsync();
        }

        await _journal.AppendAsync(new JournalRecord { At = _time.GetUtcNow(), Job = phase, Retry = retry ? true : null });
        lock (_gate)
        {
            if (_ledger.Phase != phase)
            {
                return false;
            }

            _problem = null;
        }

        if (phase == JobPhase.Paused)
        {
            await _runs.DrainAsync();
        }
        else if (phase == JobPhase.Running)
        {
            _runs.Begin();
        }

        return true;
    }

    private async Task CompleteAsync()
    {
        await _journal.AppendAsync(new JournalRecord { At = _time.GetUtcNow(), Job = JobPhase.Completed });
        LogCompleted(Header.Id, Status.Counts.Done, Status.Counts.Failed);
    }

    private Task StallAsync(Exception e)
    {
        var error = DurableFiles.NotWritten(JobErrorCodes.DataNotWritten, "What happened in the job", e);
        lock (_gate)
        {
            _problem = $"{error.Message} {error.Solution}";
            _ledger.Stall();
        }

        LogStalled(e, Header.Id);
        Feed.Refresh();
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} completed: {Done} done, {Failed} failed")]
    private partial void LogCompleted(string jobId, int done, int failed);

    [LoggerMessage(2, LogLevel.Error, "Job {JobId} stopped and waits to be resumed, because its journal cannot be written")]
    private partial void LogStalled(Exception exception, string jobId);

    [LoggerMessage(3, LogLevel.Warning, "The journal of job {JobId} had {Bytes} unusable bytes at its end, which were cut off")]
    private partial void LogCut(string jobId, long bytes);
}
