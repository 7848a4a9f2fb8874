using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>
/// A checked order: what is to be made, in a folder of its own on the disk, because it may be larger than the memory.
/// Disposing it removes what nobody took over.
/// </summary>
public sealed class JobOrder : IDisposable
{
    internal const string ItemsName = "items.jsonl";

    internal const string CoverName = "cover";

    internal JobOrder(string folder, JobHeader header) => (Folder, Header) = (folder, header);

    /// <summary>Holds items.jsonl and, for a book that has one, its cover; belongs to whoever takes the order over.</summary>
    public string Folder { get; }

    public JobHeader Header { get; private init; }

    /// <summary>The same order under another id.</summary>
    public JobOrder Named(string id) => new(Folder, Header with { Id = id });

    /// <summary>The same order, to be charged to a key; null for none.</summary>
    public JobOrder ChargedTo(string? key) => new(Folder, Header with { Key = key });

    /// <summary>The items, in order.</summary>
    public IEnumerable<JobItem> Items() =>
        File.ReadLines(Path.Combine(Folder, ItemsName)).Select(line => JsonSerializer.Deserialize<JobItem>(line, JobJson.Options)!);

    /// <summary>Puts the cover of a book, where there is one, into the folder of its job.</summary>
    /// <exception cref="SpeechException">It cannot be stored.</exception>
    public void PlaceCover(string job)
    {
        var cover = Path.Combine(Folder, CoverName);
        if (!File.Exists(cover))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(job);
            var partial = Path.Combine(job, $"{CoverName}.{Guid.NewGuid():N}");
            DurableFiles.WriteAll(partial, File.ReadAllBytes(cover));
            File.Move(partial, Path.Combine(job, CoverName), overwrite: true);
            DurableFiles.FlushFolder(job);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(JobErrorCodes.DataNotWritten, "The cover", e);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
