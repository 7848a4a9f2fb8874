using System.Buffers.Binary;
using System.Text.Json;

namespace CosyVoice.Weights;

/// <summary>
/// A .safetensors file: an 8-byte little-endian header length, a JSON header
/// <c>{name: {dtype, shape, data_offsets}}</c>, which may have texts about the whole as <c>__metadata__</c>, then the tensors'
/// bytes.
/// </summary>
public sealed unsafe class SafetensorsFile : Checkpoint
{
    internal const string MetadataName = "__metadata__";

    private const int MaxHeaderLength = 100_000_000;

    private readonly MappedFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];

    public SafetensorsFile(string path)
        : this(path, new MappedFile(path))
    {
    }

    /// <param name="name">What errors call it.</param>
    /// <param name="content">The whole file.</param>
    public SafetensorsFile(string name, ReadOnlySpan<byte> content)
        : this(name, new MappedFile(name, content))
    {
    }

    private SafetensorsFile(string path, MappedFile file)
        : base(path)
    {
        _file = file;
        try
        {
            Read();
        }
        catch (Exception error) when (error
            is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException or FormatException)
        {
            _file.Dispose();
            throw new CheckpointException(path, [$"the header is not valid: {error.Message}"]);
        }
        catch (CheckpointException)
        {
            _file.Dispose();
            throw;
        }
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>What the file says about itself; empty where it says nothing.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public override void Dispose() => _file.Dispose();

    private void Read()
    {
        var headerLength = _file.Length < 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(new(_file.Pointer, 8));
        if (headerLength == 0 || headerLength > (ulong)(_file.Length - 8) || headerLength > MaxHeaderLength)
        {
            throw new CheckpointException(Path, [$"a header of {headerLength} bytes does not fit the file of {_file.Length} bytes"]);
        }

        var dataStart = 8 + (long)headerLength;
        using var header = JsonDocument.Parse(new ReadOnlySpan<byte>(_file.Pointer + 8, (int)headerLength).ToArray());
        ReadMetadata(header.RootElement);
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != MetadataName))
        {
            var type = ParseType(entry.Value.GetProperty("dtype").GetString());
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            var (begin, end) = offsets is [var first, var last]
                ? (first, last)
                : throw new FormatException($"{entry.Name} has no two data_offsets");
            var bytes = shape.Aggregate((long)type.Size(), (product, size) => checked(product * size));
            if (shape.Any(size => size < 0) || begin < 0 || end - begin != bytes || end > _file.Length - dataStart)
            {
                throw new CheckpointException(Path, [
                    $"{entry.Name} [{string.Join(", ", shape)}] claims bytes {begin}..{end} of {_file.Length - dataStart}"]);
            }

            if (!_tensors.TryAdd(entry.Name, new StoredTensor(entry.Name, type, shape, _file.Pointer + dataStart + begin)))
            {
                throw new CheckpointException(Path, [$"{entry.Name} is listed twice"]);
            }
        }
    }

    private void ReadMetadata(JsonElement header)
    {
        if (!header.TryGetProperty(MetadataName, out var metadata) || metadata.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        // Only texts are allowed there; files with something else are read as they always were.
        foreach (var entry in metadata.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String))
        {
            _metadata[entry.Name] = entry.Value.GetString()!;
        }
    }

    private ElementType ParseType(string? name) => name switch
    {
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "F64" => ElementType.Float64,
        "I64" => ElementType.Int64,
        "I32" => ElementType.Int32,
        "I16" => ElementType.Int16,
        "I8" => ElementType.Int8,
        "U8" => ElementType.UInt8,
        "BOOL" => ElementType.Bool,
        _ => throw new CheckpointException(Path, [$"unknown dtype '{name}'"]),
    };
}
