using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Jobs;

/// <summary>
/// The sounds of one job, each a file that exists under its name only when it is complete and on the disk: written
/// once under another name, flushed, renamed. So whoever finds one after a crash need not make it again.
/// </summary>
public sealed class JobOutputs(string folder)
{
    public const string FolderName = "out";

    private const string PartialSuffix = ".partial";

    public string Folder { get; } = folder;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The outputs of a job below a data folder.</summary>
    public static JobOutputs Of(string data, string id) => new(Path.Combine(data, "jobs", id, FolderName));

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

    /// <exception cref="SpeechException">The disk is full or cannot be written; nothing is left behind.</exception>
    public async Task<JobOutput> WriteAsync(JobItem item, EncodedSound sound, CancellationToken cancellationToken)
    {
        // A name of an output begins with a letter or digit, so this is the name of none.
        var partial = PathOf($".{item.Name}.{Guid.NewGuid():N}{PartialSuffix}");
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
    public void Delete() => DurableFiles.TryDeleteFolder(Path.GetDirectoryName(Folder)!);

    /// <summary>Removes what crashes left half written, except what was written to since.</summary>
    public void Sweep(DateTimeOffset before)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var partial in Directory.EnumerateFiles(Folder, $".*{PartialSuffix}"))
        {
            if (File.GetLastWriteTimeUtc(partial) < before)
            {
                DurableFiles.TryDelete(partial);
            }
        }
    }

    private async Task<long> WritePartialAsync(string path, EncodedSound sound, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await sound.WriteAsync(file, cancellationToken);
        file.Flush(flushToDisk: true);
        return file.Length;
    }
}

/// <param name="Seconds">Null for one that was found and not made.</param>
public sealed record JobOutput(long Bytes, double? Seconds);
