using System.Runtime.CompilerServices;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Webhooks;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// Knows where a job is and keeps it going. The running itself is <see cref="JobRuns"/>, off this grain's turns; what it
/// has to say about the job comes back here.
/// </summary>
public sealed partial class BatchJobGrain : Grain, IBatchJobGrain, IRemindable
{
    private const string Reminder = "go-on";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenReminders = 5 * ReminderPeriod;
    private static readonly TimeSpan LeftByCrashes = TimeSpan.FromHours(1);

    private readonly IPersistentState<BatchJobState> _stored;
    private readonly SharedWrites<BatchJobState> _writes;
    private readonly JobGrainOptions _options;
    private readonly ISynthesis _synthesis;
    private readonly AudioEncoders _encoders;
    private readonly WorkerDirectory _workers;
    private readonly WebhookSender _sender;
    private readonly JobCharges _charges;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly JobRuns _runs;
    private CancellationToken _abort;
    private TaskScheduler _turns = null!;
    private JobProgress _progress = null!;
    private JobFeed _feed = null!;
    private JobAssembly? _assembly;
    private JobCallbacks? _callbacks;
    private int _epoch;

    public BatchJobGrain(
        [PersistentState("job", JobGrainOptions.Storage)] IPersistentState<BatchJobState> stored,
        JobGrainOptions options,
        ISynthesis synthesis,
        AudioEncoders encoders,
        WorkerDirectory workers,
        WebhookSender sender,
        JobCharges charges,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        (_sender, _charges) = (sender, charges);
        (_stored, _options, _synthesis, _encoders, _workers, _time, _loggers) = (stored, options, synthesis, encoders, workers, time, loggers);
        _writes = new SharedWrites<BatchJobState>(stored);
        _logger = loggers.CreateLogger<BatchJobGrain>();
        _runs = new JobRuns(CreateAsync, () => Calls.UntilDoneAsync(() => OnTurnAsync(CompleteAsync), _abort), e => OnTurnAsync(() => GiveUp(e)));
    }

    private BatchJobState State => _stored.State;

    private string Id => this.GetPrimaryKeyString();

    private JobOutputs Outputs => JobOutputs.Of(_options.DataFolder, Id);

    private Perseverance Calls => new(Id, _time, _logger);

    private bool Exists => State is { Header: not null, Begun: true, Deleting: false };

    private JobAssembly? Assembly => _assembly ??= State.Header?.Plan?.Assembly is { } plan
        ? new JobAssembly(JobOutputs.FolderOf(_options.DataFolder, Id), State.Header, plan, _encoders, _time, () => _feed.Refresh(), _logger)
        : null;

    private JobCallbacks? Callbacks => _callbacks ??= State.Header?.Plan?.Webhook is { } plan
        ? new JobCallbacks(
            JobOutputs.FolderOf(_options.DataFolder, Id), plan, _sender, _feed, () => Status, ItemsAsync, () => OnTurnAsync(RestAsync), OnTurnAsync, _time, _logger)
        : null;

    private JobStatus Status
    {
        get
        {
            var counts = _progress.Count(State.Header!.Items, _runs.Running);
            return new JobStatus(State.Header, State.Phase, counts, State.Phase.IsFinished() ? State.Since : null, null) { Assembly = Assembly?.StateIn(State.Phase), Webhook = Callbacks?.State, Waiting = _runs.Waiting };
        }
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _turns = TaskScheduler.Current;
        _epoch = State.Epoch + 1;
        _feed = new JobFeed((long)_epoch << 30, () => Status);
        await LoadProgressAsync();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _feed.End();
        await (_callbacks?.StopAsync() ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await _runs.AbortAsync().WaitAsync(cancellationToken);
    }

    public async Task<JobOffer> Offer(JobHeader header)
    {
        await _writes.ReadAsync();
        if (State.Deleting)
        {
            await RemoveAsync();
        }

        var outcome = JobSubmissionOutcome.Existing;
        if (State.Header is null)
        {
            outcome = JobSubmissionOutcome.Created;
            await GrainFactory.GetJobIndex().Set(Id, running: false);
            await SaveAsync(state => (state.Header, state.Since) = (header, header.Created));
        }
        else if (State.Header.Digest != header.Digest)
        {
            outcome = JobSubmissionOutcome.Conflict;
        }

        return new JobOffer((int)outcome, State.Begun, Status);
    }

    public async Task<JobStatus?> Begin()
    {
        await _writes.ReadAsync();
        if (State.Header is null || State.Deleting)
        {
            return null;
        }

        if (!State.Begun)
        {
            await WakeAsync();
            await SaveAsync(state => state.Begun = true);
            LogBegun(Id, State.Header.Items);
        }

        await GoOn();
        return Status;
    }

    public Task<JobView?> Look() => Task.FromResult(Exists ? new JobView(Status, State.Pass, [.. _runs.Running]) : null);

    public async Task<JobReply?> Command(int command)
    {
        await _writes.ReadAsync();
        if (!Exists)
        {
            return null;
        }

        var next = State.Phase.After((JobCommand)command, Status.Failures);
        if (next is { } phase && phase != State.Phase)
        {
            await EnterAsync(phase);
            return new JobReply(State.Phase == phase || phase == JobPhase.Running, Status);
        }

        return new JobReply(next is not null, Status);
    }

    public async IAsyncEnumerable<JobEvent> Events(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Exists)
        {
            await foreach (var happened in _feed.ReadAsync(after, cancellationToken))
            {
                yield return happened;
            }
        }
    }

    public async Task GoOn()
    {
        await _writes.ReadAsync();
        if (State.Deleting)
        {
            await RemoveAsync();
        }
        else if (!Exists || State.Phase != JobPhase.Running)
        {
            if (State.Phase.IsFinished())
            {
                await Task.Run(Outputs.End);
            }

            await RestAsync();
            Callbacks?.Start();
        }
        else
        {
            DelayDeactivation(BetweenReminders);
            if (_runs.IsIdle)
            {
                LogGoesOn(Id);
                _runs.Begin();
            }

            Callbacks?.Start();
        }
    }

    public async Task<bool> Delete()
    {
        await _writes.ReadAsync();
        if (State.Header is null)
        {
            return false;
        }

        await SaveAsync(state => state.Deleting = true);
        await RemoveAsync();
        return true;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => GoOn();

    private async Task EnterAsync(JobPhase phase)
    {
        var now = _time.GetUtcNow();
        switch (phase)
        {
            case JobPhase.Paused:
                await SaveAsync(state => (state.Phase, state.Since) = state.Phase == JobPhase.Running ? (phase, now) : (state.Phase, state.Since));
                await _runs.DrainAsync();
                break;
            case JobPhase.Cancelled:
                await _runs.AbortAsync();
                if (State.Phase.IsFinished())
                {
                    return;
                }

                // Told by the shards, in case an answer of theirs was lost.
                await LoadProgressAsync();
                var done = Status.Counts.Done;
                await SaveAsync(state => state.Finish(phase, done, now));
                await LoadProgressAsync();
                await Task.Run(Outputs.End);
                break;
            case JobPhase.Running:
                await WakeAsync();
                await RestartAsync(now);
                DelayDeactivation(BetweenReminders);
                break;
        }

        _feed.Publish(null);
        if (phase != JobPhase.Running)
        {
            await RestAsync();
        }
    }

    private async Task RestartAsync(DateTimeOffset now)
    {
        if (State.Phase.IsFinished())
        {
            await SaveAsync(state => state.Retry(now));
            await LoadProgressAsync();
        }
        else
        {
            await SaveAsync(state => (state.Phase, state.Since) = (JobPhase.Running, now));
        }

        _runs.Begin();
        Callbacks?.Start();
    }

    private async Task<IReadOnlyList<JobEntry>> ItemsAsync(int from, int limit)
    {
        DateTimeOffset? cancelled = State.Phase == JobPhase.Cancelled ? State.Since : null;
        return (await GrainFactory.GetJobShard(State.Header!.Id, JobShards.Of(from)).Find(new JobShardQuery(from, limit, null, State.Pass, cancelled, []))).Value;
    }

    private async Task<JobRun> CreateAsync(CancellationToken abort)
    {
        JobRun? run = null;
        await OnTurnAsync(() => Task.FromResult(run = Run(abort)));
        return run!;
    }

    private JobRun Run(CancellationToken abort)
    {
        var header = State.Header!;
        _abort = abort;
        Outputs.Begin(_time.GetUtcNow() - LeftByCrashes);
        var store = new ShardStore(
            header,
            State.Pass,
            _progress,
            GrainFactory,
            () => OnTurnAsync(() => SaveAsync(_progress.Save)),
            change => OnTurnAsync(() => Publish(change)),
            Calls,
            abort);
        var work = new JobWork(header.Id, _synthesis, _encoders, Outputs, _time, _loggers.CreateLogger<JobWork>(), _charges.Of(header));
        return new JobRun(header, store, work, () => header.InFlight * Math.Max(_workers.Workers.Count(worker => worker.IsAvailable), 1), Assembly);
    }

    private Task Publish(JobChange change)
    {
        _feed.Publish(change);
        return Task.CompletedTask;
    }

    private async Task CompleteAsync()
    {
        var counts = Status.Counts;
        await SaveAsync(state => state.Finish(JobPhase.Completed, counts.Done, _time.GetUtcNow()));
        await LoadProgressAsync();
        LogCompleted(Id, counts.Done, counts.Failed);
        await Task.Run(Outputs.End);
        _feed.Publish(null);
        await RestAsync();
    }

    // The next activation, called by the reminder at the latest, begins with what is stored.
    private Task GiveUp(Exception e)
    {
        LogFailed(e, Id);
        // Whoever waits for events holds up the deactivation, and with it every call to the job.
        _feed.End();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task SaveAsync(Action<BatchJobState> change) => _writes.ChangeAsync(state =>
    {
        change(state);
        state.Epoch = _epoch;
    });

    /// <summary>Before a job runs: whatever happens, somebody looks after it.</summary>
    private async Task WakeAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await GrainFactory.GetJobIndex().Set(Id, running: true);
    }

    /// <summary>After a job has stopped. When this fails, somebody looks after it once more, and it is done then.</summary>
    private async Task RestAsync()
    {
        // While somebody has to be told about it, it is looked after.
        if (State.Phase.IsFinished() && Callbacks?.IsPending(Status) == true)
        {
            DelayDeactivation(BetweenReminders);
            return;
        }

        try
        {
            if (State.Header is not null)
            {
                await GrainFactory.GetJobIndex().Set(Id, running: false);
            }

            if (await this.GetReminder(Reminder) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }
        }
        catch (Exception e)
        {
            LogRestless(e, Id);
        }
    }

    private async Task RemoveAsync()
    {
        var header = State.Header!;
        await _runs.AbortAsync();
        await (_callbacks?.StopAsync() ?? Task.CompletedTask);
        await GrainFactory.ForEachShardAsync(header, shard => shard.Delete(), CancellationToken.None);
        await Task.Run(() => JobOutputs.Of(_options.DataFolder, header.Id).Delete());
        (_assembly, _callbacks) = (null, null);
        await GrainFactory.GetJobIndex().Remove(Id);
        await _writes.ClearAsync();
        await RestAsync();
        _feed.End();
        DeactivateOnIdle();
    }

    private async Task LoadProgressAsync()
    {
        var progress = new JobProgress(State);
        if (State.Header is { } header)
        {
            for (var shard = State.Cursor; shard < State.Frontier; shard++)
            {
                progress.Open(shard, await GrainFactory.GetJobShard(header.Id, shard).Summarize(State.Pass), []);
            }
        }

        _progress = progress;
    }

    private Task OnTurnAsync(Func<Task> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns).Unwrap();

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} with {Items} items was submitted")]
    private partial void LogBegun(string jobId, int items);

    [LoggerMessage(2, LogLevel.Information, "Job {JobId} runs here")]
    private partial void LogGoesOn(string jobId);

    [LoggerMessage(3, LogLevel.Information, "Job {JobId} completed: {Done} done, {Failed} failed")]
    private partial void LogCompleted(string jobId, int done, int failed);

    [LoggerMessage(4, LogLevel.Error, "Job {JobId} stopped here; it goes on with the next look at it")]
    private partial void LogFailed(Exception exception, string jobId);

    [LoggerMessage(5, LogLevel.Warning, "Job {JobId} has stopped, but will be looked after once more")]
    private partial void LogRestless(Exception exception, string jobId);
}
