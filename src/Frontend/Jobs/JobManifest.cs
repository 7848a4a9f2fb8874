using System.Runtime.CompilerServices;
using System.Text.Json;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>A job and every item of it, done or not, as JSON of any size, a line for each item.</summary>
internal sealed class JobManifest(JobStatus job, IJobs jobs) : IResult
{
    private static ReadOnlySpan<byte> End => "\n]}\n"u8;

    public async Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context.Response.Body, context.RequestAborted);
    }

    public async Task WriteAsync(Stream manifest, CancellationToken cancellationToken)
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

        await manifest.WriteAsync(End.ToArray(), cancellationToken);
    }

    /// <summary>All items, in order.</summary>
    public async IAsyncEnumerable<JobEntry> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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
