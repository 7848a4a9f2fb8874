using System.Runtime.InteropServices;

namespace CosyVoice.Weights;

/// <summary>
/// Writes .pt files in torch.save's layout: voices, and checkpoints made up for tests and to measure speed. Storages are
/// streamed, so a file may exceed the memory; their data begins at multiples of 64 bytes, as in torch's own files.
/// </summary>
public static class TorchFileWriter
{
    /// <param name="root">A dictionary of tensors, strings, integers and dictionaries of the same.</param>
    /// <param name="alwaysZip64">Use the wide form of the directory even where the archive is small.</param>
    public static void Write(string path, IReadOnlyDictionary<string, object> root, bool alwaysZip64 = false)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Write(file, root, alwaysZip64);
    }

    /// <param name="stream">Can tell its position; the file begins where it stands at 0.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, object> root, bool alwaysZip64 = false)
    {
        var zip = new StoredZipWriter(stream, alwaysZip64);
        var pickle = new PickleWriter();
        pickle.WriteRoot(root);
        zip.Add("archive/data.pkl", pickle.Bytes.Length, stream => stream.Write(pickle.Bytes));
        zip.Add("archive/byteorder", 6, stream => stream.Write("little"u8));
        for (var key = 0; key < pickle.Storages.Count; key++)
        {
            var tensor = pickle.Storages[key];
            zip.Add($"archive/data/{key}", tensor.Count * tensor.Type.Size(), tensor.WriteData);
        }

        zip.Add("archive/version", 2, stream => stream.Write("3\n"u8));
        zip.Finish();
    }
}

/// <summary>A tensor to be written. The same object under two names becomes one storage.</summary>
public sealed class TensorToWrite(ElementType type, int[] shape, Action<Stream> writeData)
{
    public TensorToWrite(int[] shape, float[] values)
        : this(ElementType.Float32, shape, stream => stream.Write(MemoryMarshal.AsBytes<float>(values)))
    {
    }

    public TensorToWrite(int[] shape, int[] values)
        : this(ElementType.Int32, shape, stream => stream.Write(MemoryMarshal.AsBytes<int>(values)))
    {
    }

    public ElementType Type { get; } = type;

    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>Where the elements lie in the storage; null: in order.</summary>
    public long[]? Strides { get; init; }

    /// <summary>The size that the pickle claims; null: the shape.</summary>
    public int[]? Shown { get; init; }

    public long Count { get; } = shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Writes Count elements, little endian, in the order of the storage.</summary>
    public Action<Stream> WriteData { get; } = writeData;
}
