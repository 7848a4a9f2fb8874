using CosyVoice.Kernels;

namespace CosyVoice.Enrolment.Onnx;

/// <summary>A node about to be computed: its settings and what came in.</summary>
internal sealed class OnnxCall(OnnxNode node, IReadOnlyList<OnnxValue?> inputs, Workers workers)
{
    public Workers Workers { get; } = workers;

    public int InputCount => inputs.Count;

    /// <exception cref="InvalidDataException">There is no such input.</exception>
    public OnnxValue this[int index] => Optional(index) ?? throw new InvalidDataException($"input {index} is missing");

    public OnnxValue? Optional(int index) => index < inputs.Count ? inputs[index] : null;

    public OnnxAttribute? Attribute(string name) => node.Attributes.GetValueOrDefault(name);

    public long Integer(string name, long otherwise) => Attribute(name)?.Integers is [var value, ..] ? value : otherwise;

    public float Single(string name, float otherwise) => Attribute(name)?.Single ?? otherwise;

    public string Text(string name, string otherwise) => Attribute(name)?.Text ?? otherwise;

    /// <summary>Integers that are an attribute in old operator sets and an input in new ones; null where they are neither.</summary>
    public IReadOnlyList<long>? IntegersOf(string attribute, int input) => Optional(input)?.Integers ?? Attribute(attribute)?.Integers;

    /// <summary>An axis, counted from the end where it is negative.</summary>
    public static int Axis(long axis, int rank)
    {
        var counted = axis < 0 ? axis + rank : axis;
        return counted >= 0 && counted < rank ? (int)counted : throw new InvalidDataException($"there is no axis {axis} among {rank}");
    }
}
