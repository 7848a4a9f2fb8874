using System.Globalization;
using System.Text.Json;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Service.Webhooks;

/// <summary>What a receiver is told. The same thing told again has the same id.</summary>
internal sealed record WebhookBody(string Event, string Id, WebhookJob Job, WebhookItem? Item)
{
    public static WebhookBody OfJob(JobStatus job) => new(
        "job", string.Create(CultureInfo.InvariantCulture, $"{WebhookJob.NameOf(job)}/job/{job.Finished!.Value.ToUnixTimeMilliseconds()}"), WebhookJob.Of(job), null);

    public static WebhookBody OfItem(JobStatus job, JobEntry entry)
    {
        (var item, var state) = (entry.Item, entry.State);
        var status = state.Status.ToString().ToLowerInvariant();
        var reason = state.Status == JobItemStatus.Failed ? state.Attempts[^1] : null;
        return new WebhookBody(
            "item",
            string.Create(CultureInfo.InvariantCulture, $"{WebhookJob.NameOf(job)}/item/{item.Number}/{status}"),
            WebhookJob.Of(job),
            new WebhookItem(item.Number, item.Name, status, state.Seconds, state.Bytes, reason?.Code, reason?.Message));
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JobJson.Options);
}

internal sealed record WebhookJob(string Id, JobPhase Status, int Items, int Done, int Failed, AssemblyStatus? Assembly)
{
    public static WebhookJob Of(JobStatus job) =>
        new(NameOf(job), job.Phase, job.Counts.Total, job.Counts.Done, job.Counts.Failed, job.Assembly?.Status);

    /// <summary>What its tenant calls the job.</summary>
    public static string NameOf(JobStatus job) =>
        TenantScope.Of(job.Header.Id).TryName(job.Header.Id, out var name) ? name : throw new ArgumentException("The job is nobody's.", nameof(job));
}

internal sealed record WebhookItem(int Number, string Name, string Status, double? Seconds, long? Bytes, string? Error, string? Message);
