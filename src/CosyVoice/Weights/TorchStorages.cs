using System.Runtime.InteropServices;

namespace CosyVoice.Weights;

/// <summary>
/// The storages of a torch archive, <c>data/KEY</c>, and the tensors that view them. A tensor whose elements lie in order
/// stays where it is; any other (a stored transpose) is copied into order, the copies together never exceeding the file.
/// </summary>
internal sealed unsafe class TorchStorages(IReadOnlyDictionary<string, StoredZipEntry> entries, string folder, long copyBudget)
    : IDisposable
{
    private const int MaxRank = 8;
    private const int MaxKeyLength = 100;

    private readonly List<nint> _copies = [];
    private long _copyBudget = copyBudget;

    /// <summary>Resolves a persistent id: ("storage", storage type, key, location, number of elements).</summary>
    public TorchStorage Find(object? persistentId)
    {
        if (persistentId as object?[] is not
            ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } type, string { Length: <= MaxKeyLength } key, string, long count])
        {
            throw new InvalidDataException("the pickle refers to something outside it that is not a storage");
        }

        if (!entries.TryGetValue($"{folder}data/{key}", out var entry))
        {
            throw new InvalidDataException($"storage '{key}' is missing");
        }

        return count >= 0 && count <= entry.Length / type.Element.Size()
            ? new TorchStorage(key, type.Element, entry.Data, count)
            : throw new InvalidDataException($"storage '{key}' claims {count} elements of {type.Element} in {entry.Length} bytes");
    }

    /// <summary>torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata]).</summary>
    public StoredTensor RebuildTensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] { Length: <= MaxRank } size, object?[] stride, ..]
            || size.Length != stride.Length
            || !size.All(value => value is long and >= 0 and <= int.MaxValue)
            || !stride.All(value => value is long and >= 0))
        {
            throw new InvalidDataException("a tensor's storage, offset, size or stride is malformed");
        }

        int[] shape = [.. size.Select(value => (int)(long)value!)];
        long[] strides = [.. stride.Select(value => (long)value!)];
        var extent = Extent(shape, strides);
        if (offset < 0 || offset > storage.Count || extent > storage.Count - offset || !Fits(shape, storage.Count))
        {
            throw new InvalidDataException(
                $"a tensor [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}] at {offset} " +
                $"does not fit storage '{storage.Key}' of {storage.Count} elements");
        }

        var elementSize = storage.Element.Size();
        var data = storage.Data + (offset * elementSize);
        data = IsInOrder(shape, strides) ? data : CopyInOrder(data, shape, strides, elementSize);
        return new StoredTensor($"storage '{storage.Key}'", storage.Element, shape, data);
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
        {
            NativeMemory.Free((void*)copy);
        }

        _copies.Clear();
    }

    /// <summary>Elements from the first to the last one, both included.</summary>
    private static Int128 Extent(int[] shape, long[] strides)
    {
        Int128 last = 0;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 0)
            {
                return 0;
            }

            last += (Int128)(shape[axis] - 1) * strides[axis];
        }

        return last + 1;
    }

    /// <summary>Whether the tensor has no more elements than its storage: a repeated view (stride 0) could be of any size.</summary>
    private static bool Fits(int[] shape, long limit)
    {
        if (Array.IndexOf(shape, 0) >= 0)
        {
            return true;
        }

        Int128 count = 1;
        foreach (var size in shape)
        {
            count *= size;
            if (count > limit)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsInOrder(int[] shape, long[] strides)
    {
        var expected = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 0)
            {
                return true;
            }

            if (shape[axis] != 1 && strides[axis] != expected)
            {
                return false;
            }

            expected *= shape[axis];
        }

        return true;
    }

    private byte* CopyInOrder(byte* source, int[] shape, long[] strides, int elementSize)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        _copyBudget -= count * elementSize;
        if (_copyBudget < 0)
        {
            throw new InvalidDataException("more tensors are stored out of order than the file could hold; save them with .contiguous()");
        }

        var copy = (byte*)NativeMemory.Alloc((nuint)(count * elementSize));
        _copies.Add((nint)copy);
        var index = new int[shape.Length];
        for (var to = 0L; to < count; to++)
        {
            var from = 0L;
            for (var axis = 0; axis < shape.Length; axis++)
            {
                from += index[axis] * strides[axis];
            }

            Buffer.MemoryCopy(source + (from * elementSize), copy + (to * elementSize), elementSize, elementSize);
            Advance(index, shape);
        }

        return copy;
    }

    private static void Advance(int[] index, int[] shape)
    {
        for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
        {
            index[axis] = 0;
        }
    }
}

/// <summary>A run of equally typed elements in the archive.</summary>
internal sealed unsafe class TorchStorage(string key, ElementType element, byte* data, long count)
{
    public string Key { get; } = key;

    public ElementType Element { get; } = element;

    public byte* Data { get; } = data;

    public long Count { get; } = count;
}
