using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Tenants;

/// <summary>The jobs as one tenant sees them: its own and no others.</summary>
/// <param name="key">To which the sound of new jobs is charged; null for none.</param>
public sealed class TenantJobs(IJobs jobs, TenantScope scope, ApiKey? key = null) : IJobs
{
    /// <exception cref="Errors.SpeechException">It cannot be stored.</exception>
    public async Task<JobSubmission> SubmitAsync(JobOrder order, CancellationToken cancellationToken)
    {
        var own = scope.Own(order.Header.Id) ?? throw new ArgumentException($"{order.Header.Id} is no id that anybody can give.", nameof(order));
        var submission = await jobs.SubmitAsync(order.Named(own).ChargedTo(key?.Id), cancellationToken);
        return submission with { Job = Named(submission.Job) };
    }

    public async Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await jobs.ListAsync(cancellationToken)).Where(job => scope.Owns(job.Header.Id)).Select(Named)];

    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        Own(id) is { } own && await jobs.FindAsync(own, cancellationToken) is { } job ? Named(job) : null;

    public async Task<IReadOnlyList<JobEntry>?> ItemsAsync(string id, int from, int limit, JobItemStatus? status, CancellationToken cancellationToken) =>
        Own(id) is { } own ? await jobs.ItemsAsync(own, from, limit, status, cancellationToken) : null;

    public async Task<Stream?> OpenOutputAsync(string id, string name, CancellationToken cancellationToken) =>
        Own(id) is { } own ? await jobs.OpenOutputAsync(own, name, cancellationToken) : null;

    public async Task<Stream?> OpenAssemblyAsync(string id, AssemblyPart part, CancellationToken cancellationToken) =>
        Own(id) is { } own ? await jobs.OpenAssemblyAsync(own, part, cancellationToken) : null;

    public async Task<IAsyncEnumerable<JobEvent>?> EventsAsync(string id, long? after, CancellationToken cancellationToken) =>
        Own(id) is { } own && await jobs.EventsAsync(own, after, cancellationToken) is { } events
            ? events.Select(happened => happened with { Job = Named(happened.Job) })
            : null;

    public async Task<JobReply?> CommandAsync(string id, JobCommand command, CancellationToken cancellationToken) =>
        Own(id) is { } own && await jobs.CommandAsync(own, command, cancellationToken) is { } reply ? reply with { Job = Named(reply.Job) } : null;

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        Own(id) is { } own && await jobs.DeleteAsync(own, cancellationToken);

    // What cannot be the name of a job is asked for nowhere: in a cluster it would wake a grain.
    private string? Own(string id) => JobNames.Fits(id, JobLimits.MaxIdLength) ? scope.Own(id) : null;

    private JobStatus Named(JobStatus job) => scope.TryName(job.Header.Id, out var id) ? job with { Header = job.Header with { Id = id } } : job;
}
