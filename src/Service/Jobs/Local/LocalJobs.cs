using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Webhooks;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Jobs.Local;

/// <summary>The jobs of this process, each in its folder below the data folder.</summary>
public sealed partial class LocalJobs : IJobs, IAsyncDisposable
{
    private readonly Dictionary<string, LocalJob> _jobs = [];
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _folder;
    private readonly ISynthesis _synthesis;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly int? _inFlight;
    private readonly WebhookSender _sender;
    private readonly AudioEncoders _encoders;
    private readonly JobCharges? _charges;
    private FileStream? _lock;

    /// <param name="data">The data folder.</param>
    /// <param name="inFlight">Items of each job under way at the same time; null for what the job says.</param>
    /// <param name="encoders">Those of the process; null where nothing else in it encodes.</param>
    /// <param name="options">Who may be told about jobs; null for the defaults.</param>
    /// <param name="charges">To whom the sound of jobs is charged; null for nobody.</param>
    public LocalJobs(
        string data, ISynthesis synthesis, TimeProvider time, ILoggerFactory loggers, int? inFlight = null, AudioEncoders? encoders = null, JobsOptions? options = null,
        JobCharges? charges = null)
    {
        _encoders = encoders ?? new AudioEncoders(new FormatOptions(), time);
        (_inFlight, _charges) = (inFlight, charges);
        _sender = new WebhookSender(options ?? new JobsOptions(), time);
        (_folder, _synthesis, _time, _loggers) = (Path.Combine(data, "jobs"), synthesis, time, loggers);
        _logger = loggers.CreateLogger<LocalJobs>();
    }

    /// <summary>Where orders for this place are to be made.</summary>
    public static string OrdersFolder(string data) => Path.Combine(data, "jobs", ".new");

    /// <summary>Finds the jobs on the disk.</summary>
    /// <param name="goOn">Whether to go on with those that are not finished; otherwise each waits until it is submitted again.</param>
    /// <exception cref="SpeechException">The data folder cannot be used, or another process uses it.</exception>
    public async Task StartAsync(bool goOn, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _lock = FolderLock.Take(_folder);
            await Task.Run(() => LoadAll(goOn), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<JobSubmission> SubmitAsync(JobOrder order, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_jobs.TryGetValue(order.Header.Id, out var earlier))
            {
                var same = earlier.Header.Digest == order.Header.Digest;
                if (same)
                {
                    earlier.Start();
                }

                return new JobSubmission(same ? JobSubmissionOutcome.Existing : JobSubmissionOutcome.Conflict, earlier.Status);
            }

            var folder = Path.Combine(_folder, order.Header.Id);
            DurableFiles.WriteAll(Path.Combine(order.Folder, LocalJob.HeaderName), JsonSerializer.SerializeToUtf8Bytes(order.Header, JobJson.Options));
            DurableFiles.FlushFolder(order.Folder);
            Directory.Move(order.Folder, folder);
            DurableFiles.FlushFolder(_folder);
            var job = Open(folder, order.Header);
            LogSubmitted(job.Header.Id, job.Header.Items);
            job.Start();
            return new JobSubmission(JobSubmissionOutcome.Created, job.Status);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(JobErrorCodes.DataNotWritten, "The job", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return [.. _jobs.Values.Select(job => job.Status).OrderByDescending(job => job.Header.Created)];
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await JobAsync(id, cancellationToken))?.Status;

    public async Task<IReadOnlyList<JobEntry>?> ItemsAsync(
        string id, int from, int limit, JobItemStatus? status, CancellationToken cancellationToken) =>
        (await JobAsync(id, cancellationToken))?.Find(from, limit, status);

    public async Task<Stream?> OpenOutputAsync(string id, string name, CancellationToken cancellationToken) =>
        (await JobAsync(id, cancellationToken))?.Outputs.Open(name);

    public async Task<Stream?> OpenAssemblyAsync(string id, AssemblyPart part, CancellationToken cancellationToken) =>
        await JobAsync(id, cancellationToken) is { Header.Plan.Assembly: { } plan } job ? JobAssembly.Open(job.Folder, plan, part) : null;

    public async Task<IAsyncEnumerable<JobEvent>?> EventsAsync(string id, long? after, CancellationToken cancellationToken) =>
        (await JobAsync(id, cancellationToken))?.Feed.ReadAsync(after, cancellationToken);

    public async Task<JobReply?> CommandAsync(string id, JobCommand command, CancellationToken cancellationToken) =>
        await JobAsync(id, cancellationToken) is { } job ? await job.CommandAsync(command, cancellationToken) : null;

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_jobs.Remove(id, out var job))
            {
                return false;
            }

            await job.DisposeAsync();
            // One step, so that no crash leaves half a job.
            var leaving = Path.Combine(_folder, ".new", Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(Path.GetDirectoryName(leaving)!);
            Directory.Move(job.Folder, leaving);
            DurableFiles.TryDeleteFolder(leaving);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            foreach (var job in _jobs.Values)
            {
                await job.DisposeAsync();
            }

            _jobs.Clear();
            _sender.Dispose();
            if (_lock is not null)
            {
                await _lock.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private void LoadAll(bool goOn)
    {
        // Nobody else uses the folder: whatever is half done belongs to nobody.
        DurableFiles.TryDeleteFolder(Path.Combine(_folder, ".new"));
        foreach (var folder in Directory.EnumerateDirectories(_folder))
        {
            if (TenantScope.IsStored(Path.GetFileName(folder), JobLimits.MaxIdLength))
            {
                Load(folder, goOn);
            }
        }
    }

    private void Load(string folder, bool goOn)
    {
        try
        {
            var header = JsonSerializer.Deserialize<JobHeader>(File.ReadAllBytes(Path.Combine(folder, LocalJob.HeaderName)), JobJson.Options)!;
            var job = Open(folder, header);
            if (job.Status.Finished is not null)
            {
                job.Outputs.End();
            }

            if (goOn)
            {
                job.Start();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            LogDamaged(e, Path.GetFileName(folder));
        }
    }

    private LocalJob Open(string folder, JobHeader header)
    {
        JobWork Work(JobOutputs outputs) => new(header.Id, _synthesis, _encoders, outputs, _time, _loggers.CreateLogger<JobWork>(), _charges?.Of(header));
        return _jobs[header.Id] = new LocalJob(folder, header, Work, _encoders, _sender, () => _inFlight ?? header.InFlight, _time, _logger);
    }

    private async Task<LocalJob?> JobAsync(string id, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _jobs.GetValueOrDefault(id);
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Job {JobId} with {Items} items was submitted")]
    private partial void LogSubmitted(string jobId, int items);

    [LoggerMessage(2, LogLevel.Error, "The job in folder {Folder} is damaged and left alone")]
    private partial void LogDamaged(Exception exception, string folder);
}
