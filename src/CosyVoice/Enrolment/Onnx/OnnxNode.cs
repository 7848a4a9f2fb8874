namespace CosyVoice.Enrolment.Onnx;

/// <summary>One step of a graph.</summary>
/// <param name="Name">For messages; may be empty.</param>
/// <param name="Operator">Such as Conv.</param>
/// <param name="Inputs">Names of values; empty where an optional one is left out.</param>
internal sealed record OnnxNode(
    string Name, string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    /// <exception cref="InvalidDataException">Malformed, or of an operator that is not ONNX's own.</exception>
    public static OnnxNode Read(ReadOnlySpan<byte> message)
    {
        var (name, type, domain) = ("", "", "");
        var (inputs, outputs, attributes) = (new List<string>(), new List<string>(), new Dictionary<string, OnnxAttribute>());
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(reader.Text());
                    break;
                case 2:
                    outputs.Add(reader.Text());
                    break;
                case 3:
                    name = reader.Text();
                    break;
                case 4:
                    type = reader.Text();
                    break;
                case 5:
                    var attribute = OnnxAttribute.Read(reader.Bytes());
                    attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    domain = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxNode(name, domain is "" or "ai.onnx" ? type : $"{domain}.{type}", inputs, outputs, attributes);
    }
}

/// <summary>A setting of a node; it has the one value that its kind says.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public float Single { get; private init; }

    public IReadOnlyList<long> Integers { get; private init; } = [];

    public string Text { get; private init; } = "";

    public OnnxTensor? Tensor { get; private init; }

    public static OnnxAttribute Of(string name, params long[] integers) => new(name) { Integers = integers };

    public static OnnxAttribute Of(string name, float number) => new(name) { Single = number };

    public static OnnxAttribute Read(ReadOnlySpan<byte> message)
    {
        var (name, single, text, tensor) = ("", 0f, "", (OnnxTensor?)null);
        var integers = new List<long>();
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    single = reader.Single();
                    break;
                case 3 or 8:
                    reader.Integers(integers);
                    break;
                case 4:
                    text = reader.Text();
                    break;
                case 5:
                    tensor = OnnxTensor.Read(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxAttribute(name) { Single = single, Integers = integers, Text = text, Tensor = tensor };
    }
}
