using System.Runtime.InteropServices;
using System.Text;

namespace CosyVoice.Tests.Enrolment.Onnx;

/// <summary>Messages of the ONNX format, written field by field.</summary>
internal sealed class OnnxBuilder
{
    private readonly MemoryStream _message = new();

    public byte[] Bytes => _message.ToArray();

    public static OnnxBuilder Tensor(string name, int[] shape, float[] values) =>
        new OnnxBuilder().Numbers(1, shape).Number(2, 1).Text(8, name).Raw(9, MemoryMarshal.AsBytes<float>(values).ToArray());

    public static OnnxBuilder Tensor(string name, int[] shape, long[] values) =>
        new OnnxBuilder().Numbers(1, shape).Number(2, 7).Text(8, name).Raw(9, MemoryMarshal.AsBytes<long>(values).ToArray());

    public static OnnxBuilder Node(string type, string[] inputs, string output, params OnnxBuilder[] attributes)
    {
        var node = new OnnxBuilder();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output.EndsWith("_output_0", StringComparison.Ordinal) ? output[..^"_output_0".Length] : $"/{output}/{type}").Text(4, type);
        foreach (var attribute in attributes)
        {
            node.Raw(5, attribute.Bytes);
        }

        return node;
    }

    public static OnnxBuilder Attribute(string name, params int[] integers) => new OnnxBuilder().Text(1, name).Numbers(8, integers).Number(20, 7);

    /// <summary>A model of one graph that takes "x" and gives "y".</summary>
    public static byte[] Model(IEnumerable<OnnxBuilder> nodes, params OnnxBuilder[] constants)
    {
        var graph = new OnnxBuilder();
        foreach (var node in nodes)
        {
            graph.Raw(1, node.Bytes);
        }

        foreach (var constant in constants)
        {
            graph.Raw(5, constant.Bytes);
        }

        graph.Raw(11, new OnnxBuilder().Text(1, "x").Bytes).Raw(12, new OnnxBuilder().Text(1, "y").Bytes);
        return new OnnxBuilder().Number(1, 8).Raw(7, graph.Bytes).Raw(8, new OnnxBuilder().Number(2, 13).Bytes).Bytes;
    }

    public OnnxBuilder Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public OnnxBuilder Single(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        _message.Write(BitConverter.GetBytes(value));
        return this;
    }

    public OnnxBuilder Numbers(int field, int[] values)
    {
        var packed = new OnnxBuilder();
        foreach (var value in values)
        {
            packed.Varint((ulong)(long)value);
        }

        return Raw(field, packed.Bytes);
    }

    public OnnxBuilder Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    public OnnxBuilder Raw(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _message.Write(value);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _message.WriteByte((byte)(value | 0x80));
        }

        _message.WriteByte((byte)value);
    }
}
