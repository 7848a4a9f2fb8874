using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>/v1/jobs: batches of texts that become files.</summary>
internal static class JobsApi
{
    private const int MostItems = 1000;
    private const int UsualItems = 100;

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var jobs = app.MapGroup("/v1/jobs").WithTags("Jobs");
        jobs.MapPost("", SubmitAsync).WithName("SubmitJob").WithSummary("Orders a job").DescribeJobOrder();
        jobs.MapGet("", ListAsync).WithName("ListJobs").WithSummary("The jobs, newest first").DescribeErrors(500);
        jobs.MapGet("/{id}", FindAsync).WithName("GetJob").WithSummary("A job").DescribeErrors(404);
        jobs.MapDelete("/{id}", DeleteAsync).WithName("DeleteJob").WithSummary("Stops a job and removes it with its outputs").DescribeErrors(404);
        jobs.MapGet("/{id}/items", ItemsAsync).WithName("ListJobItems").WithSummary("The items of a job").DescribeErrors(400, 404);
        jobs.MapGet("/{id}/items/{name}", OutputAsync).WithName("GetJobOutput").WithSummary("The sound of an item that is done").DescribeOutput();
        jobs.MapGet("/{id}/events", EventsAsync).WithName("FollowJob")
            .WithSummary("What happens in a job, as server-sent events: first the job as it is, then each change, ending with the job")
            .DescribeEvents();
        jobs.MapGet("/{id}/download", DownloadAsync).WithName("DownloadJob").WithSummary("All outputs and manifest.json in a ZIP file").DescribeDownload();
        jobs.MapGet("/{id}/manifest", ManifestAsync).WithName("GetJobManifest").WithSummary("The job and all its items").DescribeManifest();
        foreach (var part in Enum.GetValues<AssemblyPart>())
        {
            var word = JobView.Word(part);
            jobs.MapGet(
                part == AssemblyPart.Sound ? "/{id}/assembly" : $"/{{id}}/assembly/{word}",
                (string id, IJobs port, CancellationToken cancellationToken) => AssemblyAsync(id, part, port, cancellationToken))
                .WithName($"GetJobAssembly{part}").WithSummary(part == AssemblyPart.Sound ? "The one sound of all items" : $"Its subtitles ({word})").DescribeAssembly(part);
        }

        foreach (var command in Enum.GetValues<JobCommand>())
        {
            var word = JobView.Word(command);
            jobs.MapPost($"/{{id}}/{word}", (string id, IJobs port, CancellationToken cancellationToken) => CommandAsync(id, command, port, cancellationToken))
                .WithName($"{command}Job").WithSummary(Summary(command)).DescribeErrors(404, 409);
        }
    }

    private static string Summary(JobCommand command) => command switch
    {
        JobCommand.Pause => "Begins no further items; those under way end",
        JobCommand.Resume => "Goes on with a paused job",
        JobCommand.Cancel => "Ends a job; the items that are not done fail with the reason JOB_CANCELLED",
        _ => "Makes the failed items of a finished job again",
    };

    private static async Task<Results<Created<JobView>, Ok<JobView>>> SubmitAsync(
        HttpRequest request, JobIntake intake, IJobs jobs, JobsOptions options, CancellationToken cancellationToken)
    {
        using var order = await JobBody.ReadAsync(request, intake, options, cancellationToken);
        var submission = await jobs.SubmitAsync(order, cancellationToken);
        var job = JobView.Of(submission.Job);
        return submission.Outcome switch
        {
            JobSubmissionOutcome.Created => TypedResults.Created($"/v1/jobs/{job.Id}", job),
            JobSubmissionOutcome.Existing => TypedResults.Ok(job),
            _ => throw JobErrors.Conflict(job.Id),
        };
    }

    private static async Task<JobListView> ListAsync(IJobs jobs, CancellationToken cancellationToken) =>
        new([.. (await jobs.ListAsync(cancellationToken)).Select(JobView.Of)]);

    private static async Task<JobView> FindAsync(string id, IJobs jobs, CancellationToken cancellationToken) =>
        JobView.Of(await jobs.FindAsync(id, cancellationToken) ?? throw JobErrors.UnknownJob(id));

    private static async Task<NoContent> DeleteAsync(string id, IJobs jobs, CancellationToken cancellationToken) =>
        await jobs.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : throw JobErrors.UnknownJob(id);

    private static async Task<JobItemListView> ItemsAsync(
        string id, string? from, string? limit, string? status, IJobs jobs, CancellationToken cancellationToken)
    {
        var first = Integer("from", from, 1, int.MaxValue, 1);
        var most = Integer("limit", limit, 1, MostItems, UsualItems);
        // One more than asked for tells whether there is a next one.
        var items = await jobs.ItemsAsync(id, first, most + 1, Status(status), cancellationToken) ?? throw JobErrors.UnknownJob(id);
        return new JobItemListView([.. items.Take(most).Select(JobItemView.Of)], items.Count > most ? items[most].Item.Number : null);
    }

    private static async Task<FileStreamHttpResult> OutputAsync(string id, string name, IJobs jobs, CancellationToken cancellationToken)
    {
        _ = await jobs.FindAsync(id, cancellationToken) ?? throw JobErrors.UnknownJob(id);
        var output = await jobs.OpenOutputAsync(id, name, cancellationToken) ?? throw JobErrors.UnknownOutput(name);
        return TypedResults.Stream(output, AudioFormats.OfFile(name)?.ContentType(), enableRangeProcessing: true);
    }

    private static async Task<FileStreamHttpResult> AssemblyAsync(string id, AssemblyPart part, IJobs jobs, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(id, cancellationToken) ?? throw JobErrors.UnknownJob(id);
        var plan = job.Header.Plan?.Assembly ?? throw JobErrors.NoAssembly(id);
        var file = job.Assembly?.Status == AssemblyStatus.Done ? await jobs.OpenAssemblyAsync(id, part, cancellationToken) : null;
        return TypedResults.Stream(
            file ?? throw JobErrors.UnknownOutput($"assembly.{part.Ending(plan.Format)}"),
            part.ContentType(plan.Format),
            $"{id}.{part.Ending(plan.Format)}",
            enableRangeProcessing: true);
    }

    private static async Task<JobManifest> ManifestAsync(string id, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.FindAsync(id, cancellationToken) ?? throw JobErrors.UnknownJob(id), jobs);

    private static async Task<JobEvents> EventsAsync(string id, HttpRequest request, IJobs jobs, CancellationToken cancellationToken)
    {
        string? last = request.Headers["Last-Event-ID"];
        var after = last is null ? (long?)null : long.TryParse(last, out var given) ? given : null;
        return new JobEvents(await jobs.EventsAsync(id, after, cancellationToken) ?? throw JobErrors.UnknownJob(id));
    }

    private static async Task<JobArchive> DownloadAsync(string id, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.FindAsync(id, cancellationToken) ?? throw JobErrors.UnknownJob(id), jobs);

    private static async Task<JobView> CommandAsync(string id, JobCommand command, IJobs jobs, CancellationToken cancellationToken)
    {
        var reply = await jobs.CommandAsync(id, command, cancellationToken) ?? throw JobErrors.UnknownJob(id);
        var job = JobView.Of(reply.Job);
        return reply.Accepted ? job : throw JobErrors.Phase(job, JobView.Word(command));
    }

    private static int Integer(string name, string? given, int least, int most, int otherwise)
    {
        if (given is null)
        {
            return otherwise;
        }

        return int.TryParse(given, out var value) && value >= least && value <= most
            ? value
            : throw RequestException.Malformed($"{name} is {Quoted.Value(given)}, not {least} to {most}.", $"Give {name} as a whole number from {least} to {most}, or leave it out.");
    }

    private static JobItemStatus? Status(string? given)
    {
        var words = Enum.GetValues<JobItemStatus>().ToDictionary(JobView.Word);
        return given is null ? null
            : words.TryGetValue(given, out var status) ? status
            : throw RequestException.Malformed($"status {Quoted.Value(given)} is unknown.", $"Give one of {string.Join(", ", words.Keys)}, or leave it out.");
    }
}
