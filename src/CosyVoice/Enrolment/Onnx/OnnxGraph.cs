using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment.Onnx;

/// <summary>
/// Computes a graph node by node. For graphs that run once per voice and whose names carry no meaning (CAM++); the large networks
/// have layers of their own. Values are forgotten after their last use.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly string _path;
    private readonly IReadOnlyList<OnnxNode> _nodes;
    private readonly Dictionary<string, OnnxValue> _constants;
    private readonly Dictionary<string, int> _lastUses = new(StringComparer.Ordinal);
    private readonly Workers _workers;

    /// <summary>Copies the constants out of the file, which may be disposed then.</summary>
    /// <exception cref="CheckpointException">Operators that are not known, all of them named.</exception>
    public OnnxGraph(OnnxFile file, Workers workers)
    {
        (_path, _nodes, _workers, Inputs, Outputs) = (file.Path, file.Nodes, workers, file.Inputs, file.Outputs);
        string[] unknown = [.. _nodes.Select(node => node.Operator).Where(name => !OnnxOperators.All.ContainsKey(name)).Distinct().Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw new CheckpointException(_path, [$"it uses operators that cannot be computed: {string.Join(", ", unknown)}"]);
        }

        _constants = file.Constants.ToDictionary(pair => pair.Key, pair => OnnxValue.Of(pair.Value), StringComparer.Ordinal);
        for (var i = 0; i < _nodes.Count; i++)
        {
            foreach (var name in _nodes[i].Inputs)
            {
                _lastUses[name] = i;
            }
        }
    }

    public IReadOnlyList<string> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    /// <param name="inputs">One for each of <see cref="Inputs"/>, in that order.</param>
    /// <param name="wanted">Names of values.</param>
    /// <returns>The wanted values, in that order.</returns>
    /// <exception cref="CheckpointException">A node cannot be computed; it is named.</exception>
    public OnnxValue[] Run(IReadOnlyList<OnnxValue> inputs, params IReadOnlyList<string> wanted)
    {
        if (inputs.Count != Inputs.Count)
        {
            throw new CheckpointException(_path, [$"it takes {Inputs.Count} inputs, and {inputs.Count} are given"]);
        }

        var values = Inputs.Zip(inputs).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            values[node.Outputs.Count == 1 ? node.Outputs[0] : throw Wrong(node, $"it has {node.Outputs.Count} outputs, one is expected")] = Compute(node, values);
            foreach (var name in node.Inputs)
            {
                if (_lastUses[name] == i && !wanted.Contains(name))
                {
                    values.Remove(name);
                }
            }
        }

        return [.. wanted.Select(name => Find(name, values) ?? throw new CheckpointException(_path, [$"nothing computes '{name}'"]))];
    }

    private OnnxValue Compute(OnnxNode node, Dictionary<string, OnnxValue> values)
    {
        OnnxValue?[] inputs =
            [.. node.Inputs.Select(name => name.Length == 0 ? null : Find(name, values) ?? throw Wrong(node, $"nothing computes its input '{name}'"))];
        try
        {
            return OnnxOperators.All[node.Operator](new OnnxCall(node, inputs, _workers));
        }
        catch (Exception error) when (error is InvalidDataException or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            throw Wrong(node, error.Message);
        }
    }

    private OnnxValue? Find(string name, Dictionary<string, OnnxValue> values) => values.GetValueOrDefault(name) ?? _constants.GetValueOrDefault(name);

    private CheckpointException Wrong(OnnxNode node, string what) => new(_path, [$"the node '{node.Name}' ({node.Operator}) cannot be computed: {what}"]);
}
