using System.IO.Compression;
using System.Text.Json;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>All that is done of a job as a ZIP file, made while it is being sent; its manifest names every item, done or not.</summary>
internal sealed class JobArchive(JobStatus job, IJobs jobs) : IResult
{
    private static ReadOnlySpan<byte> ManifestEnd => "\n]}\n"u8;

    public async Task ExecuteAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{job.Header.Id}.zip\"";
        context.Response.Headers.CacheControl = "no-store";
        await using var archive = await ZipArchive.CreateAsync(
            context.Response.BodyWriter.AsStream(), ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await foreach (var entry in ItemsAsync(cancellationToken).Where(entry => entry.State.Status == JobItemStatus.Done))
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

        await using var manifest = await archive.CreateEntry("manifest.json", CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await WriteManifestAsync(manifest, cancellationToken);
    }

    private async Task WriteManifestAsync(Stream manifest, CancellationToken cancellationToken)
    {
        var now = await jobs.FindAsync(job.Header.Id, cancellationToken) ?? job;
        await manifest.WriteAsync("{\"job\":"u8.ToArray(), cancellationToken);
        await JsonSerializer.SerializeAsync(manifest, JobView.Of(now), JsonSerializerOptions.Web, cancellationToken);
        await manifest.WriteAsync(",\"items\":["u8.ToArray(), cancellationToken);
        var separator = "\n"u8.ToArray();
        await foreach (var entry in ItemsAsync(cancellationToken))
        {
            await manifest.WriteAsync(separator, cancellationToken);
            await JsonSerializer.SerializeAsync(manifest, JobItemView.Of(entry), JsonSerializerOptions.Web, cancellationToken);
            separator = ",\n"u8.ToArray();
        }

        await manifest.WriteAsync(ManifestEnd.ToArray(), cancellationToken);
    }

    private async IAsyncEnumerable<JobEntry> ItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var from = 1; from <= job.Header.Items; from += JobShards.Size)
        {
            foreach (var entry in await jobs.ItemsAsync(job.Header.Id, from, JobShards.Size, null, cancellationToken) ?? [])
            {
                yield return entry;
            }
        }
    }
}
