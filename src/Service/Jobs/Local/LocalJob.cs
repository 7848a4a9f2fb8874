using CosyOrleans.Service.Files;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Webhooks;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Jobs.Local;

/// <summary>A job in a folder of this machine: job.json, items.jsonl, journal.jsonl and the outputs in out/.</summary>
internal sealed partial class LocalJob : IAsyncDisposable
{
    public const string HeaderName = "job.json";

    private readonly SemaphoreSlim _commands = new(1);
    private readonly JobRecords _records;
    private readonly JobRuns _runs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JobAssembly? _assembly;
    private readonly JobCallbacks? _callbacks;
    private bool _closed;

    /// <param name="work">Given the outputs of this job, what takes an item to its end.</param>
    /// <param name="inFlight">How many items may be under way.</param>
    /// <exception cref="InvalidDataException">The files do not belong together.</exception>
    public LocalJob(
        string folder, JobHeader header, Func<JobOutputs, JobWork> work, AudioEncoders encoders, WebhookSender sender, Func<int> inFlight, TimeProvider time, ILogger logger)
    {
        (Folder, Header, _time, _logger) = (folder, header, time, logger);
        Outputs = new JobOutputs(folder);
        var toEnd = work(Outputs);
        _assembly = header.Plan?.Assembly is { } plan ? new JobAssembly(folder, header, plan, encoders, time, () => Feed?.Refresh(), logger) : null;
        _runs = new JobRuns(_ => Task.FromResult(Run()), CompleteAsync, StallAsync);
        _records = new JobRecords(folder, header, record => Feed?.Publish(record.ToChange()), _runs);
        if (_records.Lost > 0)
        {
            LogCut(header.Id, _records.Lost);
        }

        Feed = new JobFeed(_records.Count, () => Status);
        _callbacks = header.Plan?.Webhook is { } webhook
            ? new JobCallbacks(
                folder, webhook, sender, Feed, () => Status, (from, limit) => Task.FromResult(Find(from, limit, null)), () => Task.CompletedTask, Task.Run, time, logger)
            : null;

        JobRun Run()
        {
            // Runs follow one another, and nobody else uses the folder.
            Outputs.Begin(DateTimeOffset.MaxValue);
            return new JobRun(header, _records!, toEnd, inFlight, _assembly);
        }
    }

    public string Folder { get; }

    public JobHeader Header { get; }

    public JobOutputs Outputs { get; }

    /// <summary>Its ids are the numbers of the journal's records.</summary>
    public JobFeed Feed { get; }

    public JobStatus Status => _records.Status with { Waiting = _runs.Waiting } is var status && Header.Plan is not null
        ? status with { Assembly = _assembly?.StateIn(status.Phase), Webhook = _callbacks?.State }
        : status;

    /// <summary>Goes on where the journal ends, if there is anything left to do and nobody does it.</summary>
    public void Start()
    {
        if (Status.Phase == JobPhase.Running && _runs.IsIdle)
        {
            _runs.Begin();
        }

        _callbacks?.Start();
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
            var next = status.Phase.After(command, status.Failures);
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

    public IReadOnlyList<JobEntry> Find(int from, int limit, JobItemStatus? status) => _records.Find(from, limit, status);

    /// <summary>Ends what is under way; the job goes on with the next <see cref="LocalJob"/> of its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _commands.WaitAsync();
        _closed = true;
        await _runs.AbortAsync();
        _commands.Release();
        await (_callbacks?.StopAsync() ?? Task.CompletedTask);
        Feed.End();
        _records.Dispose();
    }

    /// <summary>False when the job ended before it could be told.</summary>
    private async Task<bool> EnterAsync(JobPhase phase, bool retry)
    {
        if (phase == JobPhase.Cancelled)
        {
            await _runs.AbortAsync();
        }

        if (!await _records.EnterAsync(new JournalRecord { At = _time.GetUtcNow(), Job = phase, Retry = retry ? true : null }))
        {
            return false;
        }

        if (phase == JobPhase.Cancelled)
        {
            Outputs.End();
        }
        else if (phase == JobPhase.Paused)
        {
            await _runs.DrainAsync();
        }
        else if (phase == JobPhase.Running)
        {
            _runs.Begin();
            _callbacks?.Start();
        }

        return true;
    }

    private async Task CompleteAsync()
    {
        await _records.EnterAsync(new JournalRecord { At = _time.GetUtcNow(), Job = JobPhase.Completed });
        Outputs.End();
        LogCompleted(Header.Id, Status.Counts.Done, Status.Counts.Failed);
    }

    private Task StallAsync(Exception e)
    {
        var error = DurableFiles.NotWritten(JobErrorCodes.DataNotWritten, "What happened in the job", e);
        _records.Stall($"{error.Message} {error.Solution}");
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
