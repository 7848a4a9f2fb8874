using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CosyVoice.Weights;

/// <summary>Collects tensors and writes them in the form that <see cref="SafetensorsFile"/> reads; the same tensors are the same bytes.</summary>
internal sealed class SafetensorsWriter
{
    private const int Alignment = 8;

    private readonly List<(string Name, string Type, int[] Shape, byte[] Bytes)> _tensors = [];

    /// <summary>Texts about the whole, in the order in which they are written.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public void Add(string name, ReadOnlySpan<float> values, params int[] shape) => Add(name, "F32", shape, MemoryMarshal.AsBytes(values));

    public void Add(string name, ReadOnlySpan<int> values, params int[] shape) => Add(name, "I32", shape, MemoryMarshal.AsBytes(values));

    public byte[] ToBytes()
    {
        var header = Header();
        using var file = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        file.Write(header);
        foreach (var tensor in _tensors)
        {
            file.Write(tensor.Bytes);
        }

        return file.ToArray();
    }

    private void Add(string name, string type, int[] shape, ReadOnlySpan<byte> bytes) => _tensors.Add((name, type, shape, bytes.ToArray()));

    private byte[] Header()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            WriteMetadata(json);
            long offset = 0;
            foreach (var (name, type, shape, bytes) in _tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                WriteNumbers(json, "shape", [.. shape]);
                WriteNumbers(json, "data_offsets", [offset, offset += bytes.Length]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces at the end, so that the first tensor begins where a processor likes to read it.
        while (text.Length % Alignment != 0)
        {
            text.WriteByte((byte)' ');
        }

        return text.ToArray();
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        if (Metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsFile.MetadataName);
        foreach (var (name, text) in Metadata)
        {
            json.WriteString(name, text);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
