using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Jobs;

/// <summary>
/// The sounds of one job, each a file that exists under its name only when it is complete and on the disk: written
/// once in another folder, flushed, renamed. So whoever finds one after a crash need not make it again. That other folder
/// exists only while the job runs, so that a process which was frozen and does not know that the job has ended cannot
/// write anything any more.
/// </summary>
/// <param name="job">The folder of the job.</param>
public sealed class JobOutputs(string job)
{
    /// <summary>Where the outputs are.</summary>
    public string Folder { get; } = Path.Combine(job, "out");

    private string Unfinished { get; } = Path.Combine(job, "unfinished");

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A name that nothing has, for something that is being written while the job runs.</summary>
    internal string PartialPath() => Path.Combine(Unfinished, Guid.NewGuid().ToString("N"));

    /// <summary>The outputs of a job below a data folder.</summary>
    public static JobOutputs Of(string data, string id) => new(FolderOf(data, id));

    /// <summary>The folder of a job below a data folder.</summary>
    public static string FolderOf(string data, string id) => Path.Combine(data, "jobs", id);

    /// <summary>An output for reading; it can seek. Null where there is none of this name, whatever the name.</summary>
    public Stream? Open(string name)
    {
        if (!JobNames.Fits(name, JobLimits.MaxNameLength))
        {
            return null;
        }

        try
        {
            return new FileStream(
                PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The output of an item, if it exists already.</summary>
    public JobOutput? Find(JobItem item)
    {
        var file = new FileInfo(PathOf(item.Name));
        return file.Exists ? new JobOutput(file.Length, null) : null;
    }

    /// <summary>Before a run of the job.</summary>
    /// <param name="before">What was last written to before this is of no run that goes on, and removed.</param>
    public void Begin(DateTimeOffset before)
    {
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Unfinished);
        Sweep(before);
    }

    /// <summary>When the job has ended; whatever is being written is given up.</summary>
    public void End() => DurableFiles.TryRemoveFolder(Unfinished);

    /// <summary>Needs <see cref="Begin"/>.</summary>
    /// <exception cref="SpeechException">The disk is full or cannot be written, or the job has ended; nothing is left behind.</exception>
    public async Task<JobOutput> WriteAsync(JobItem item, EncodedSound sound, CancellationToken cancellationToken)
    {
        var partial = PartialPath();
        try
        {
            var bytes = await WritePartialAsync(partial, sound, cancellationToken);
            DurableFiles.Rename(partial, PathOf(item.Name));
            return new JobOutput(bytes, sound.Seconds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(JobErrorCodes.OutputNotWritten, $"The sound of {Quoted.Value(item.Name)}", e);
        }
        finally
        {
            DurableFiles.TryDelete(partial);
        }
    }

    /// <summary>Removes the folder of the job, with all outputs.</summary>
    public void Delete() => DurableFiles.TryDeleteFolder(job);

    /// <summary>Removes what crashes left half written, except what was written to since.</summary>
    public void Sweep(DateTimeOffset before)
    {
        foreach (var partial in Directory.Exists(Unfinished) ? Directory.EnumerateFiles(Unfinished) : [])
        {
            if (File.GetLastWriteTimeUtc(partial) < before)
            {
                DurableFiles.TryDelete(partial);
            }
        }
    }

    private async Task<long> WritePartialAsync(string path, EncodedSound sound, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await sound.WriteAsync(file, cancellationToken);
        file.Flush(flushToDisk: true);
        return file.Length;
    }
}

/// <param name="Seconds">Null for one that was found and not made.</param>
public sealed record JobOutput(long Bytes, double? Seconds);
