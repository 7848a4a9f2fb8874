using System.Text.Json;

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

    /// <summary>The items, in order.</summary>
    public IEnumerable<JobItem> Items() =>
        File.ReadLines(Path.Combine(Folder, ItemsName)).Select(line => JsonSerializer.Deserialize<JobItem>(line, JobJson.Options)!);

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
