using System.Buffers.Binary;
using System.Text;

namespace CosyVoice.Weights;

/// <summary>Writes protocol 2 pickles of tensors and plain containers, and collects the storages they refer to.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _output = new();
    private readonly List<TensorToWrite> _storages = [];

    public IReadOnlyList<TensorToWrite> Storages => _storages;

    public byte[] Bytes => _output.ToArray();

    public void WriteRoot(IReadOnlyDictionary<string, object> root)
    {
        _output.Write([0x80, 2]);
        Write(root);
        Opcode('.');
    }

    private void Write(object value)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object> items:
                WriteDictionary(items);
                break;
            case TensorToWrite tensor:
                WriteTensor(tensor);
                break;
            case string text:
                WriteText(text);
                break;
            case long number:
                WriteInteger(number);
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} cannot be written.", nameof(value));
        }
    }

    private void WriteDictionary(IReadOnlyDictionary<string, object> items)
    {
        Opcode('}');
        Opcode('(');
        foreach (var (key, value) in items)
        {
            WriteText(key);
            Write(value);
        }

        Opcode('u');
    }

    /// <summary>torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks).</summary>
    private void WriteTensor(TensorToWrite tensor)
    {
        WriteGlobal("torch._utils", "_rebuild_tensor_v2");
        Opcode('(');
        WriteStorage(tensor);
        WriteInteger(0);
        WriteIntegers((tensor.Shown ?? tensor.Shape).Select(size => (long)size));
        WriteIntegers(tensor.Strides ?? StridesInOrder(tensor.Shape));
        _output.WriteByte(0x89); // False
        WriteGlobal("collections", "OrderedDict");
        Opcode(')');
        Opcode('R');
        Opcode('t');
        Opcode('R');
    }

    private void WriteStorage(TensorToWrite tensor)
    {
        var key = _storages.IndexOf(tensor);
        if (key < 0)
        {
            key = _storages.Count;
            _storages.Add(tensor);
        }

        Opcode('(');
        WriteText("storage");
        WriteGlobal("torch", StorageName(tensor.Type));
        WriteText($"{key}");
        WriteText("cpu");
        WriteInteger(tensor.Count);
        Opcode('t');
        Opcode('Q');
    }

    private void WriteIntegers(IEnumerable<long> values)
    {
        Opcode('(');
        foreach (var value in values)
        {
            WriteInteger(value);
        }

        Opcode('t');
    }

    private void WriteInteger(long value)
    {
        _output.Write([0x8a, sizeof(long)]); // LONG1
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _output.Write(bytes);
    }

    private void WriteText(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, encoded.Length);
        Opcode('X');
        _output.Write(length);
        _output.Write(encoded);
    }

    private void WriteGlobal(string module, string name)
    {
        Opcode('c');
        _output.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Opcode(char opcode) => _output.WriteByte((byte)opcode);

    private static IEnumerable<long> StridesInOrder(IReadOnlyList<int> shape) =>
        Enumerable.Range(1, shape.Count).Select(axis => shape.Skip(axis).Aggregate(1L, (product, size) => product * size));

    private static string StorageName(ElementType type) => type switch
    {
        ElementType.Float32 => "FloatStorage",
        ElementType.Float16 => "HalfStorage",
        ElementType.BFloat16 => "BFloat16Storage",
        ElementType.Float64 => "DoubleStorage",
        ElementType.Int64 => "LongStorage",
        ElementType.Int32 => "IntStorage",
        _ => throw new ArgumentException($"{type} cannot be written.", nameof(type)),
    };
}
