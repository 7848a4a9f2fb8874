using System.Buffers.Binary;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment.Onnx;

/// <summary>A constant of a graph, where the file is mapped; valid as long as the <see cref="OnnxFile"/>.</summary>
internal sealed unsafe class OnnxTensor
{
    private readonly StoredTensor? _stored;
    private readonly long[]? _integers;

    private OnnxTensor(string name, ElementType type, int[] shape, StoredTensor? stored, long[]? integers) =>
        (Name, Type, Shape, _stored, _integers) = (name, type, shape, stored, integers);

    public string Name { get; }

    public ElementType Type { get; }

    public int[] Shape { get; }

    public bool IsReal => Type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    /// <param name="message">A TensorProto inside the mapped file.</param>
    /// <exception cref="InvalidDataException">Its numbers lie elsewhere, are of no known type, or are not as many as its shape says.</exception>
    public static OnnxTensor Read(ReadOnlySpan<byte> message)
    {
        var (name, type, external) = ("", 0L, false);
        var (dimensions, integers) = (new List<long>(), new List<long>());
        var data = default(ReadOnlySpan<byte>);
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Integers(dimensions);
                    break;
                case 2:
                    type = reader.Integer();
                    break;
                case 4 or 9 or 10: // float_data, raw_data, double_data: all of them little endian
                    data = data.IsEmpty ? reader.Bytes() : throw new InvalidDataException($"the tensor '{name}' comes in pieces");
                    break;
                case 5 or 7: // int32_data, int64_data
                    reader.Integers(integers);
                    break;
                case 8:
                    name = reader.Text();
                    break;
                case 14:
                    external = reader.Integer() == 1;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return external
            ? throw new InvalidDataException($"the tensor '{name}' lies in another file; save the model as one")
            : Create(name, ReadType(name, type), dimensions, data, integers);
    }

    public float[] ToFloats() => IsReal && _stored is not null
        ? _stored.ToFloats()
        : throw new InvalidDataException($"the tensor '{Name}' holds {Type}, not real numbers");

    public long[] ToIntegers()
    {
        if (_integers is not null)
        {
            return _integers;
        }

        var bytes = _stored!.Bytes;
        var values = new long[_stored.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var element = bytes[(i * Type.Size())..];
            values[i] = Type switch
            {
                ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(element),
                ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
                ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element),
                ElementType.Int8 => (sbyte)element[0],
                ElementType.UInt8 or ElementType.Bool => element[0],
                _ => throw new InvalidDataException($"the tensor '{Name}' holds {Type}, not integers"),
            };
        }

        return values;
    }

    private static OnnxTensor Create(string name, ElementType type, List<long> dimensions, ReadOnlySpan<byte> data, List<long> integers)
    {
        if (dimensions.Any(size => size is < 0 or > int.MaxValue))
        {
            throw new InvalidDataException($"the tensor '{name}' has shape [{string.Join(", ", dimensions)}]");
        }

        int[] shape = [.. dimensions.Select(size => (int)size)];
        var count = shape.Aggregate(1L, (product, size) => product > int.MaxValue ? product : product * size);
        if (integers.Count > 0 && integers.Count == count && data.IsEmpty)
        {
            return new OnnxTensor(name, type, shape, null, [.. integers]);
        }

        if (count > int.MaxValue || count * type.Size() != data.Length)
        {
            throw new InvalidDataException($"the tensor '{name}' [{string.Join(", ", shape)}] of {type} has {data.Length} bytes");
        }

        fixed (byte* start = data)
        {
            return new OnnxTensor(name, type, shape, new StoredTensor(name, type, shape, start), null); // mapped, hence not moved
        }
    }

    private static ElementType ReadType(string name, long type) => type switch
    {
        1 => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        7 => ElementType.Int64,
        9 => ElementType.Bool,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        16 => ElementType.BFloat16,
        _ => throw new InvalidDataException($"the tensor '{name}' is of type {type}, which is not known"),
    };
}
