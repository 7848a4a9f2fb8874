using System.IO.Compression;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>All that is done of a job as a ZIP file, made while it is being sent; its manifest names every item, done or not.</summary>
internal sealed class JobArchive(JobStatus job, IJobs jobs) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var manifest = new JobManifest(job, jobs);
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{job.Header.Id}.zip\"";
        context.Response.Headers.CacheControl = "no-store";
        await using var archive = await ZipArchive.CreateAsync(
            context.Response.BodyWriter.AsStream(), ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await foreach (var entry in manifest.ItemsAsync(cancellationToken).Where(entry => entry.State.Status == JobItemStatus.Done))
        {
            if (await jobs.OpenOutputAsync(job.Header.Id, entry.Item.Name, cancellationToken) is { } output)
            {
                await using (output)
                await using (var file = await archive.CreateEntry(entry.Item.Name, CompressionLevel.NoCompression).OpenAsync(cancellationToken))
                {
                    await output.CopyToAsync(file, cancellationToken);
                }
            }
        }

        await WriteAssemblyAsync(archive, cancellationToken);
        await using var entries = await archive.CreateEntry("manifest.json", CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await manifest.WriteAsync(entries, cancellationToken);
    }

    private async Task WriteAssemblyAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        foreach (var part in job is { Assembly.Status: AssemblyStatus.Done, Header.Plan.Assembly: not null } ? Enum.GetValues<AssemblyPart>() : [])
        {
            if (await jobs.OpenAssemblyAsync(job.Header.Id, part, cancellationToken) is { } content)
            {
                // In a folder: an item may have the same name.
                var name = $"assembly/{job.Header.Id}.{part.Ending(job.Header.Plan!.Assembly!.Format)}";
                await using (content)
                await using (var file = await archive.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(cancellationToken))
                {
                    await content.CopyToAsync(file, cancellationToken);
                }
            }
        }
    }
}
