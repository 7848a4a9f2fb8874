using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Jobs;

/// <summary>Port: batches of texts that become files. Results are null where there is no such job.</summary>
public interface IJobs
{
    /// <summary>Takes an order over and begins it. It is on the disk when this completes, and survives any crash from then on.</summary>
    /// <exception cref="SpeechException">It cannot be stored.</exception>
    Task<JobSubmission> SubmitAsync(JobOrder order, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken);

    Task<JobStatus?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="limit"/> items from number <paramref name="from"/> on, those of one status where it is given.</summary>
    Task<IReadOnlyList<JobEntry>?> ItemsAsync(string id, int from, int limit, JobItemStatus? status, CancellationToken cancellationToken);

    /// <summary>The output of an item that is done; it can seek.</summary>
    Task<Stream?> OpenOutputAsync(string id, string name, CancellationToken cancellationToken);

    /// <summary>A file of the assembly when it is there; it can seek.</summary>
    Task<Stream?> OpenAssemblyAsync(string id, AssemblyPart part, CancellationToken cancellationToken);

    /// <summary>Events after an id, ending with the job; without an id the state as a whole comes first.</summary>
    Task<IAsyncEnumerable<JobEvent>?> EventsAsync(string id, long? after, CancellationToken cancellationToken);

    /// <summary>Does what is asked where the phase of the job allows it, and says so.</summary>
    Task<JobReply?> CommandAsync(string id, JobCommand command, CancellationToken cancellationToken);

    /// <summary>Stops the job and removes it with its outputs; false where there is none.</summary>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken);
}

/// <param name="Outcome">What became of the order.</param>
/// <param name="Job">The job of that id.</param>
public sealed record JobSubmission(JobSubmissionOutcome Outcome, JobStatus Job);

public enum JobSubmissionOutcome
{
    Created,

    /// <summary>The same items were ordered under this id before; nothing changed.</summary>
    Existing,

    /// <summary>Other items were ordered under this id before; nothing changed.</summary>
    Conflict,
}

/// <param name="Accepted">False where the job's phase does not allow the command; nothing changed then.</param>
public sealed record JobReply(bool Accepted, JobStatus Job);
