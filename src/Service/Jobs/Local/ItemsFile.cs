using System.Text.Json;
using CosyOrleans.Service.Jobs.Input;
using Microsoft.Win32.SafeHandles;

namespace CosyOrleans.Service.Jobs.Local;

/// <summary>items.jsonl of a job: an item on each line, read in shards whose offsets are all that is kept in memory.</summary>
internal sealed class ItemsFile : IDisposable
{
    private readonly List<long> _shards = [];
    private readonly SafeFileHandle _file;

    /// <exception cref="InvalidDataException">It does not hold as many items as it should.</exception>
    public ItemsFile(string folder, int items)
    {
        var path = Path.Combine(folder, JobOrder.ItemsName);
        var count = 0;
        long end = 0;
        foreach ((var offset, var line) in LineFile.Read(path))
        {
            if (count++ % JobShards.Size == 0)
            {
                _shards.Add(offset);
            }

            end = offset + line.Length;
        }

        if (count != items)
        {
            throw new InvalidDataException($"{JobOrder.ItemsName} holds {count} items where job.json says {items}");
        }

        _shards.Add(end);
        _file = File.OpenHandle(path);
    }

    public IReadOnlyList<JobItem> Read(int shard)
    {
        var bytes = new byte[_shards[shard + 1] - _shards[shard]];
        for (var read = 0; read < bytes.Length;)
        {
            var more = RandomAccess.Read(_file, bytes.AsSpan(read), _shards[shard] + read);
            read += more > 0 ? more : throw new InvalidDataException($"{JobOrder.ItemsName} ends early");
        }

        List<JobItem> items = new(JobShards.Size);
        for (var rest = bytes.AsSpan(); rest.Length > 0;)
        {
            var length = rest.IndexOf((byte)'\n');
            items.Add(JsonSerializer.Deserialize<JobItem>(rest[..length], JobJson.Options)!);
            rest = rest[(length + 1)..];
        }

        return items;
    }

    public void Dispose() => _file.Dispose();
}
