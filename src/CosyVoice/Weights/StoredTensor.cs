using System.Runtime.InteropServices;

namespace CosyVoice.Weights;

/// <summary>
/// One named tensor of a checkpoint, in the memory-mapped file that holds it: contiguous, row-major, little endian.
/// Valid as long as the checkpoint it came from is not disposed.
/// </summary>
public sealed unsafe class StoredTensor
{
    private readonly byte* _data;

    internal StoredTensor(string name, ElementType type, int[] shape, byte* data)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Count = shape.Aggregate(1L, (product, size) => checked(product * size));
        _data = data;
    }

    public string Name { get; }

    public ElementType Type { get; }

    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>The first element when stored as fp32, aligned to 4 bytes: usable in place. Null otherwise.</summary>
    public float* Float32Pointer => Type == ElementType.Float32 && (nuint)_data % sizeof(float) == 0 ? (float*)_data : null;

    public ReadOnlySpan<byte> Bytes => new(_data, checked((int)(Count * Type.Size())));

    internal StoredTensor Named(string name) => new(name, Type, [.. Shape], _data);

    /// <summary>Converts every element to fp32.</summary>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException($"{Name} has {Count} elements, the destination {destination.Length}.", nameof(destination));
        }

        if (_data == null)
        {
            destination.Clear(); // A tensor that the checkpoint lacks; the loader reports it before anything runs.
            return;
        }

        switch (Type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(Bytes).CopyTo(destination);
                break;
            case ElementType.Float16:
                Convert((Half*)_data, destination, static x => (float)x);
                break;
            case ElementType.BFloat16:
                Convert((ushort*)_data, destination, static x => BitConverter.UInt32BitsToSingle((uint)x << 16));
                break;
            case ElementType.Float64:
                Convert((double*)_data, destination, static x => (float)x);
                break;
            case ElementType.Int64:
                Convert((long*)_data, destination, static x => x);
                break;
            case ElementType.Int32:
                Convert((int*)_data, destination, static x => x);
                break;
            default:
                throw new InvalidDataException($"{Name} is stored as {Type}, which cannot be read as numbers.");
        }
    }

    public float[] ToFloats()
    {
        var values = new float[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Every element as a 32-bit integer; throws when one does not fit or the tensor holds no integers.</summary>
    public int[] ToInts()
    {
        var values = new int[Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Type switch
            {
                ElementType.Int64 => checked((int)((long*)_data)[i]),
                ElementType.Int32 => ((int*)_data)[i],
                _ => throw new InvalidDataException($"{Name} is stored as {Type}, not as integers."),
            };
        }

        return values;
    }

    private static void Convert<T>(T* source, Span<float> destination, Func<T, float> convert)
        where T : unmanaged
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = convert(source[i]);
        }
    }
}
