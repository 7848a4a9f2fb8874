using CosyVoice.Weights;

namespace CosyVoice.Enrolment.Onnx;

/// <summary>
/// An .onnx file, memory-mapped: the nodes of its graph in the order in which they can be computed, and its constants
/// (initializers) by name. What is not needed to compute the graph is passed over.
/// </summary>
internal sealed unsafe class OnnxFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<string> _inputs = [];
    private readonly List<string> _outputs = [];

    /// <exception cref="CheckpointException">Unreadable, malformed, or a graph that uses what is not known here.</exception>
    public OnnxFile(string path)
        : this(path, new MappedFile(path))
    {
    }

    /// <param name="name">What errors call it.</param>
    /// <param name="content">The whole file.</param>
    public OnnxFile(string name, ReadOnlySpan<byte> content)
        : this(name, new MappedFile(name, content))
    {
    }

    private OnnxFile(string path, MappedFile file)
    {
        (Path, _file) = (path, file);
        try
        {
            if (file.Length > int.MaxValue)
            {
                throw new InvalidDataException($"{file.Length} bytes; an .onnx file has at most {int.MaxValue}");
            }

            ReadModel(new(file.Pointer, (int)file.Length));
        }
        catch (InvalidDataException error)
        {
            _file.Dispose();
            throw new CheckpointException(path, [error.Message]);
        }
    }

    public string Path { get; }

    /// <summary>Version of the operators' meaning.</summary>
    public long OperatorSet { get; private set; }

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    public IReadOnlyDictionary<string, OnnxTensor> Constants => _constants;

    /// <summary>Names of what is to be given; constants are not among them.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    public IReadOnlyList<string> Outputs => _outputs;

    public void Dispose() => _file.Dispose();

    private void ReadModel(ReadOnlySpan<byte> message)
    {
        var graphs = 0;
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 7:
                    graphs++;
                    ReadGraph(reader.Bytes());
                    break;
                case 8:
                    ReadOperatorSet(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (graphs != 1 || _nodes.Count == 0)
        {
            throw new InvalidDataException("no ONNX model: it holds no graph");
        }

        _inputs.RemoveAll(_constants.ContainsKey);
    }

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1:
                    _nodes.Add(OnnxNode.Read(reader.Bytes()));
                    break;
                case 5:
                    var constant = OnnxTensor.Read(reader.Bytes());
                    _constants[constant.Name] = constant;
                    break;
                case 11:
                    _inputs.Add(ReadName(reader.Bytes()));
                    break;
                case 12:
                    _outputs.Add(ReadName(reader.Bytes()));
                    break;
                case 15:
                    throw new InvalidDataException("it holds sparse tensors, which cannot be read");
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadOperatorSet(ReadOnlySpan<byte> message)
    {
        var (domain, version) = ("", 0L);
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text();
                    break;
                case 2:
                    version = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (domain is "" or "ai.onnx")
        {
            OperatorSet = version;
        }
    }

    private static string ReadName(ReadOnlySpan<byte> message)
    {
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            if (reader.Field == 1)
            {
                return reader.Text();
            }

            reader.Skip();
        }

        return "";
    }
}
