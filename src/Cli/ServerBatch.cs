using System.Security.Cryptography;
using System.Text;
using CosyOrleans.Client;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Cli;

/// <summary>One file of texts, spoken by a server as a job of it; the same file again, with the same options, is the same job.</summary>
internal sealed class ServerBatch(string path, string output, JobsClient client, TextWriter console)
{
    private const int FailuresShown = 100;

    /// <summary>What the command says about the job.</summary>
    public JobDefaults Defaults { get; init; } = new();

    /// <summary>The exit code: 0 when every item is done, 1 when some failed.</summary>
    /// <exception cref="SpeechException">The file cannot be used.</exception>
    /// <exception cref="SpeechClientException">No server does what is asked.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var type = JobInputs.OfFile(path) switch
        {
            JobInput.Json => "application/json",
            JobInput.JsonLines => "application/x-ndjson",
            JobInput.Text => "text/plain",
            JobInput.Csv => "text/csv",
            JobInput.Epub => "application/epub+zip",
            _ => throw Batch.NotOffered(path),
        };
        var fields = Fields();
        var (job, isNew) = await client.SubmitAsync(() => File.OpenRead(path), type, fields, await KeyAsync(type, fields, cancellation), cancellation);
        if (!isNew)
        {
            await console.WriteLineAsync($"going on with {job.Id}: {job.Items.Done} of {job.Items.Total} items were done already.");
            job = job.Status == "paused" ? await client.CommandAsync(job.Id, "resume", cancellation)
                : job.IsFinished && (job.Items.Failed > 0 || job.Assembly?.Status == "failed") ? await client.CommandAsync(job.Id, "retry", cancellation) : job;
        }

        Directory.CreateDirectory(job.Assembly is null ? output : Path.GetDirectoryName(Path.GetFullPath(output))!);
        return await FinishAsync(await FollowAsync(job, cancellation), cancellation);
    }

    private async Task<RemoteJob> FollowAsync(RemoteJob job, CancellationToken cancellation)
    {
        var progress = new BatchProgress(console, job.Items.Total, Console.IsErrorRedirected);
        string? waiting = null;
        await foreach (var now in client.FollowAsync(job.Id, cancellation))
        {
            progress.Show(now.Items.Done, now.Items.Failed);
            if (now.Waiting is { } why && why != waiting)
            {
                progress.Clear();
                await console.WriteLineAsync(why);
            }

            (job, waiting) = (now, now.Waiting);
        }

        progress.Clear();
        return job.Problem is { } problem ? throw new SpeechClientException("JOB_STOPPED", problem, "Run the same command again to go on.") : job;
    }

    private async Task<int> FinishAsync(RemoteJob job, CancellationToken cancellation)
    {
        var failed = 0;
        await foreach (var item in client.ItemsAsync(job.Id, cancellation))
        {
            if (item.Status == "done" && job.Assembly is null)
            {
                await DeliverAsync(job.Id, item, cancellation);
            }
            else if (item.Status != "done" && ++failed <= FailuresShown)
            {
                var reason = item.Attempts is [.., var last] ? $"{last.Error}: {last.Message}" : item.Status;
                await console.WriteLineAsync($"item {item.Number} ({item.Name}) failed: {reason}");
            }
        }

        if (failed > FailuresShown)
        {
            await console.WriteLineAsync($"and {failed - FailuresShown} more failed.");
        }

        if (job.Assembly is { } assembly)
        {
            return await FinishAssemblyAsync(job, assembly, failed, cancellation);
        }

        await console.WriteLineAsync($"{job.Items.Total - failed} done, {failed} failed; the sounds are in {output}.");
        return failed == 0 ? 0 : 1;
    }

    private async Task<int> FinishAssemblyAsync(RemoteJob job, RemoteAssembly assembly, int failed, CancellationToken cancellation)
    {
        if (assembly.Status != "done")
        {
            await console.WriteLineAsync($"{job.Items.Total - failed} done, {failed} failed; no {output}: {assembly.Error}: {assembly.Message}");
            return 1;
        }

        await client.DownloadAssemblyAsync(job.Id, null, output, cancellation);
        foreach (var subtitles in new[] { "srt", "vtt" })
        {
            await client.DownloadAssemblyAsync(job.Id, subtitles, Path.ChangeExtension(output, subtitles), cancellation);
        }

        await console.WriteLineAsync($"{job.Items.Total} done; {assembly.Chapters} chapters, {TimeSpan.FromSeconds(assembly.Seconds!.Value):d\\.hh\\:mm\\:ss} in {output}.");
        return 0;
    }

    // Those that an earlier run has brought are there, complete: each appears under its name only then.
    private async Task DeliverAsync(string id, RemoteItem item, CancellationToken cancellation)
    {
        if (Path.GetFileName(item.Name) != item.Name)
        {
            throw new SpeechClientException("JOB_INVALID", $"The server calls an output '{item.Name}', which is no name of a file.", "Do not trust this server.");
        }

        var target = new FileInfo(Path.Combine(output, item.Name));
        if (!target.Exists || target.Length != item.Bytes)
        {
            await client.DownloadItemAsync(id, item.Name, target.FullName, cancellation);
        }
    }

    private Dictionary<string, string> Fields() => new (string Name, string? Value)[]
    {
        ("voice", Defaults.Voice), ("split", Defaults.Split), ("assembly", Defaults.Assembly), ("title", Defaults.Title), ("author", Defaults.Author),
        ("max_in_flight", Defaults.InFlight?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    }.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!);

    // Decided by the content and what becomes of it, so that the same again goes on and a changed file begins anew.
    private async Task<string> KeyAsync(string type, Dictionary<string, string> fields, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.OpenRead(path);
        hash.AppendData(await SHA256.HashDataAsync(file, cancellation));
        // How many at a time does not change what is made.
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', fields.Where(field => field.Key != "max_in_flight").Select(field => $"{field.Key}={field.Value}").Prepend(type))));
        return $"cosy-batch-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
