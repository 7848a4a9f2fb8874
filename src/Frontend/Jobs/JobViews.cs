using System.ComponentModel;
using System.Text.Json.Serialization;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>A job as the API shows it.</summary>
internal sealed record JobView(
    string Id,
    [property: Description("running, paused, cancelled or completed. In the last two every item is done or failed.")] string Status,
    DateTimeOffset Created,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Finished,
    JobItemsView Items,
    [property: JsonPropertyName("max_in_flight")] [property: Description("Items under way at the same time on each worker.")] int MaxInFlight,
    [property: Description("Why the job stopped by itself.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem,
    [property: Description("What its items are waiting for, where that may take until tomorrow.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Waiting,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobAssemblyView? Assembly,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobWebhookView? Webhook)
{
    public static JobView Of(JobStatus job) => new(
        job.Header.Id,
        Word(job.Phase),
        job.Header.Created,
        job.Finished,
        new JobItemsView(job.Counts.Total, job.Counts.Pending, job.Counts.Running, job.Counts.Done, job.Counts.Failed),
        job.Header.InFlight,
        job.Problem,
        job.Waiting,
        JobAssemblyView.Of(job),
        JobWebhookView.Of(job));

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>The one sound of all items, with its subtitles.</summary>
internal sealed record JobAssemblyView(
    [property: Description("wav, flac or m4b.")] string Format,
    [property: Description("pending, running, done or failed.")] string Status,
    [property: Description("Size of the sound.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Bytes,
    [property: Description("Length of the sound.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Chapters,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message)
{
    public static JobAssemblyView? Of(JobStatus job) => job is { Header.Plan.Assembly: { } plan, Assembly: { } state }
        ? new JobAssemblyView(JobView.Word(plan.Format), JobView.Word(state.Status), state.Bytes, state.Seconds, state.Chapters, state.Code, state.Message)
        : null;
}

/// <summary>How far the receiver of the job's calls is told.</summary>
internal sealed record JobWebhookView(
    [property: Description("pending, delivered or failed.")] string Status,
    [property: Description("Why it was given up.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message)
{
    public static JobWebhookView? Of(JobStatus job) => job.Webhook is not { } state ? null
        : state.Problem is { } problem ? new JobWebhookView("failed", problem)
        : new JobWebhookView(job.Finished is { } end && end == state.Told ? "delivered" : "pending", null);
}

/// <summary>How many items are where.</summary>
internal sealed record JobItemsView(int Total, int Pending, int Running, int Done, int Failed);

internal sealed record JobListView(IReadOnlyList<JobView> Jobs);

/// <summary>An item as the API shows it.</summary>
internal sealed record JobItemView(
    [property: Description("Place in the job, from 1.")] int Number,
    [property: Description("Name of the output: GET items/{name} when the item is done.")] string Name,
    [property: Description("pending, running, done or failed.")] string Status,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Voice,
    int Seed,
    double Speed,
    [property: Description("Length of the sound.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds,
    [property: Description("Size of the output.")] [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Bytes,
    [property: Description("Every attempt that failed, oldest first; the last one is the reason of a failed item.")]
    IReadOnlyList<JobAttemptView> Attempts)
{
    public static JobItemView Of(JobEntry entry) => new(
        entry.Item.Number,
        entry.Item.Name,
        JobView.Word(entry.State.Status),
        entry.Item.Text,
        entry.Item.Voice,
        entry.Item.Seed,
        entry.Item.Speed,
        entry.State.Seconds,
        entry.State.Bytes,
        [.. entry.State.Attempts.Select(attempt => new JobAttemptView(attempt.At, attempt.Code, attempt.Message))]);
}

internal sealed record JobAttemptView(DateTimeOffset At, string Error, string Message);

internal sealed record JobItemListView(
    IReadOnlyList<JobItemView> Items,
    [property: Description("What to give as from for the next items; left out when these were the last.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Next);

/// <summary>An event: the job as it was then, and the item it happened to, if it was one.</summary>
internal sealed record JobEventView(
    JobView Job, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobChangeView? Item)
{
    public static JobEventView Of(JobEvent happened) => new(
        JobView.Of(happened.Job),
        happened.Item is not { } item ? null : new JobChangeView(
            item.Number, item.Name, JobView.Word(item.Status), item.Seconds, item.Bytes, item.Failure?.Code, item.Failure?.Message));
}

internal sealed record JobChangeView(
    int Number,
    string Name,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message);
