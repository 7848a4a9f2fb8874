namespace CosyVoice.Weights;

/// <summary>
/// A .pt file as torch.save writes it since 1.6: a zip archive with one folder of any name that holds <c>data.pkl</c> (the
/// pickled containers), <c>data/KEY</c> (the storages, uncompressed) and perhaps <c>byteorder</c>. Tensors stay in the mapped
/// file; tensors that share a storage share its memory.
/// </summary>
public sealed unsafe class TorchFile : Checkpoint
{
    private const string PickleName = "data.pkl";
    private const byte PickleProtocol = 0x80;

    private readonly MappedFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors;
    private TorchStorages? _storages;

    public TorchFile(string path)
        : this(path, new MappedFile(path))
    {
    }

    /// <param name="name">What errors call it.</param>
    /// <param name="content">The whole file.</param>
    public TorchFile(string name, ReadOnlySpan<byte> content)
        : this(name, new MappedFile(name, content))
    {
    }

    private TorchFile(string path, MappedFile file)
        : base(path)
    {
        _file = file;
        try
        {
            Root = Read();
            _tensors = NamedTensors(Root);
        }
        catch (InvalidDataException error)
        {
            Dispose();
            throw new CheckpointException(path, [error.Message]);
        }
    }

    /// <summary>Bytes of the file.</summary>
    public long Length => _file.Length;

    /// <summary>What was saved: usually a <see cref="PickledDict"/>; see its values for the types.</summary>
    public object? Root { get; }

    /// <summary>
    /// The tensors of the saved dictionary. Other values beside them (the epoch) are left out; where the dictionary has
    /// no tensors but a dictionary under <c>state_dict</c> or <c>model</c>, they are that one's.
    /// </summary>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public override void Dispose()
    {
        _storages?.Dispose();
        _file.Dispose();
    }

    private object? Read()
    {
        if (!StoredZip.StartsLikeZip(_file.Pointer, _file.Length))
        {
            throw new InvalidDataException(DescribeForeign());
        }

        var entries = new StoredZip(_file.Pointer, _file.Length).Entries;
        var pickleName = FindPickle(entries);
        var folder = pickleName[..^PickleName.Length];
        if (entries.TryGetValue(folder + "byteorder", out var order) && !Bytes(order).SequenceEqual("little"u8))
        {
            throw new InvalidDataException("its numbers are not little endian");
        }

        _storages = new TorchStorages(entries, folder, _file.Length);
        return new Unpickler(_storages).Read(Bytes(entries[pickleName]));
    }

    private string DescribeForeign()
    {
        var start = new ReadOnlySpan<byte>(_file.Pointer, (int)Math.Min(_file.Length, 64));
        return start switch
        {
            _ when start[0] == PickleProtocol =>
                "a pickle outside a zip archive, as torch.save wrote it before 1.6; load it with torch and save it again",
            _ when start.StartsWith("version https://git-lfs"u8) =>
                "a Git LFS pointer in place of the file; fetch the file itself with 'git lfs pull'",
            _ => "not a file that torch.save wrote: a zip archive is expected",
        };
    }

    private static string FindPickle(IReadOnlyDictionary<string, StoredZipEntry> entries)
    {
        string[] found = [.. entries.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        return found.Length == 1
            ? found[0]
            : throw new InvalidDataException($"the zip archive holds {found.Length} entries named {PickleName}, exactly one is expected");
    }

    private static ReadOnlySpan<byte> Bytes(StoredZipEntry entry) => entry.Length <= int.MaxValue
        ? new(entry.Data, (int)entry.Length)
        : throw new InvalidDataException($"an entry of {entry.Length} bytes where a small one is expected");

    private static Dictionary<string, StoredTensor> NamedTensors(object? root)
    {
        var tensors = DirectTensors(root);
        if (tensors.Count == 0 && root is PickledDict dict)
        {
            tensors = DirectTensors(dict.Items.GetValueOrDefault("state_dict") ?? dict.Items.GetValueOrDefault("model"));
        }

        return tensors;
    }

    private static Dictionary<string, StoredTensor> DirectTensors(object? container)
    {
        IEnumerable<KeyValuePair<string, object?>> items = container is PickledDict dict ? dict.Items : [];
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (name, value) in items)
        {
            if (value is StoredTensor tensor)
            {
                tensors.Add(name, tensor.Named(name));
            }
        }

        return tensors;
    }
}
