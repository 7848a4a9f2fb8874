using System.Globalization;
using System.Text.RegularExpressions;
using CosyVoice.Enrolment.Onnx;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment;

/// <summary>
/// The weights of a speech tokenizer, found in its graph. Exporting gives most of them numbers for names, but a node keeps the path
/// of the layer it came from, such as /blocks.0/attn/query/MatMul: a layer's weights are what flows into the node of its path. The
/// two convolutions before the blocks and the projection behind them are known by their place.
/// </summary>
internal sealed partial class SpeechTokenizerWeights
{
    private const float DefaultEpsilon = 1e-5f;

    private static readonly string[] BlockLayers =
    [
        "attn_ln", "attn/query", "attn/key", "attn/value", "attn/fsmn_block", "attn/out", "mlp_ln", "mlp/mlp.0", "mlp/mlp.2",
    ];

    private readonly OnnxFile _file;
    private readonly Dictionary<string, OnnxTensor> _constants;
    private readonly Dictionary<string, OnnxNode> _layers = new(StringComparer.Ordinal); // by path, blocks.0/attn/query
    private readonly List<OnnxNode> _others = []; // products and convolutions outside the blocks

    /// <exception cref="CheckpointException">No speech tokenizer, or one that lacks layers; all of them named.</exception>
    public SpeechTokenizerWeights(OnnxFile file)
    {
        _file = file;
        _constants = Constants(file);
        foreach (var node in file.Nodes.Where(node => node.Operator is "Conv" or "MatMul" or "Gemm" or "LayerNormalization" or "Mul"))
        {
            if (LayerPath().Match(PathOf(node)) is { Success: true } match)
            {
                _layers.TryAdd(match.Groups["path"].Value, node);
                Blocks = Math.Max(Blocks, int.Parse(match.Groups["block"].ValueSpan, CultureInfo.InvariantCulture) + 1);
            }
            else if (node.Operator != "Mul" && node.Inputs.Count > 1 && _constants.ContainsKey(node.Inputs[1]))
            {
                _others.Add(node);
            }
        }

        string[] missing = [.. Enumerable.Range(0, Blocks)
            .SelectMany(block => BlockLayers.Select(layer => $"blocks.{block}/{layer}"))
            .Where(path => !_layers.ContainsKey(path))];
        if (Blocks == 0 || missing.Length > 0)
        {
            throw new CheckpointException(
                file.Path, Blocks == 0 ? ["no speech tokenizer: it has no blocks.0/attn/query"] : [.. missing.Select(path => $"missing {path}")]);
        }
    }

    public int Blocks { get; private set; }

    /// <summary>Convolution 0 or 1 before the blocks.</summary>
    public ConvolutionWeights Convolution(int index)
    {
        var node = _others.Where(other => other.Operator == "Conv").ElementAtOrDefault(index)
            ?? throw Wrong($"missing convolution {index + 1} before the blocks");
        return Constant(node, 1) is { Shape: [var outputs, var inputs, var taps] } weight && Constant(node, 2) is { Shape: [var biases] } bias && biases == outputs
            ? new(weight.ToFloats(), bias.ToFloats(), inputs, outputs, taps)
            : throw Wrong($"the convolution {index + 1} before the blocks lacks a weight [outputs, inputs, taps] or a bias [outputs]");
    }

    /// <summary>What leads from the blocks to the digits of the codes.</summary>
    public ProductWeights Projection() =>
        Product(_others.LastOrDefault(other => other.Operator is "MatMul" or "Gemm") ?? throw Wrong("missing the projection behind the blocks"), "the projection");

    /// <param name="outputs">Null: any.</param>
    public ProductWeights Product(string path, int inputs, int? outputs)
    {
        var product = Product(_layers[path], path);
        return product.Inputs == inputs && (outputs ?? product.Outputs) == product.Outputs
            ? product
            : throw Wrong($"{path} leads from {product.Inputs} to {product.Outputs} channels, expected {inputs} to {outputs}");
    }

    public NormWeights Norm(string path, int size)
    {
        var node = _layers[path];
        var (weight, bias, epsilon) = node.Operator == "LayerNormalization"
            ? (Constant(node, 1), Constant(node, 2), node.Attributes.GetValueOrDefault("epsilon")?.Single ?? DefaultEpsilon)
            : (Constants(node).FirstOrDefault(), AddedTo(node.Outputs[0]), EpsilonOf(path));
        return new(Sized(weight, path, size).ToFloats(), Sized(bias, path, size).ToFloats(), epsilon);
    }

    /// <summary>Where a norm is written out in small steps, the number that is added before the root is taken.</summary>
    private float EpsilonOf(string path) => _file.Nodes
        .Where(node => node.Operator == "Add" && PathOf(node).EndsWith($"{path}/Add", StringComparison.Ordinal))
        .SelectMany(Constants)
        .FirstOrDefault(constant => constant is { IsReal: true } && constant.Shape.All(size => size == 1))?.ToFloats()[0] ?? DefaultEpsilon;

    /// <summary>The weights of a convolution in which every channel sees itself, [taps, channels].</summary>
    public float[] Memory(string path, int channels)
    {
        if (Constant(_layers[path], 1) is not { Shape: [var outputs, 1, var taps] } stored || outputs != channels)
        {
            throw Wrong($"{path} lacks a weight [{channels}, 1, taps]");
        }

        var (weight, turned) = (stored.ToFloats(), new float[stored.Shape[0] * taps]);
        for (var i = 0; i < turned.Length; i++)
        {
            turned[(i % taps * channels) + (i / taps)] = weight[i];
        }

        return turned;
    }

    private ProductWeights Product(OnnxNode node, string path)
    {
        if (Constant(node, 1) is not { Shape: [var rows, var columns] } stored)
        {
            throw Wrong($"{path} lacks a weight of two axes");
        }

        var transposed = node.Operator == "Gemm" && node.Attributes.GetValueOrDefault("transB")?.Integers is [1];
        var (inputs, outputs) = transposed ? (columns, rows) : (rows, columns);
        var bias = node.Operator == "Gemm" ? Constant(node, 2) : AddedTo(node.Outputs[0]);
        return new(
            transposed ? Turned(stored.ToFloats(), inputs, outputs) : stored.ToFloats(),
            bias is null ? [] : Sized(bias, path, outputs).ToFloats(), inputs, outputs);
    }

    /// <summary>The constant that the next node adds, or none.</summary>
    private OnnxTensor? AddedTo(string value)
    {
        var add = _file.Nodes.FirstOrDefault(node => node.Operator == "Add" && node.Inputs.Contains(value));
        return add is null ? null : Constants(add).FirstOrDefault(constant => constant.Shape.Length == 1);
    }

    private IEnumerable<OnnxTensor> Constants(OnnxNode node) => node.Inputs.Select(_constants.GetValueOrDefault).OfType<OnnxTensor>();

    private OnnxTensor? Constant(OnnxNode node, int input) => input < node.Inputs.Count ? _constants.GetValueOrDefault(node.Inputs[input]) : null;

    private OnnxTensor Sized(OnnxTensor? tensor, string path, int size) =>
        tensor is { Shape: [var count] } && count == size ? tensor : throw Wrong($"{path} lacks a weight or bias [{size}]");

    private static string PathOf(OnnxNode node) => node.Name.Length > 0 ? node.Name : node.Outputs[0];

    private CheckpointException Wrong(string what) => new(_file.Path, [what]);

    /// <summary>The constants of the graph, also those that stand in nodes or are handed on by them.</summary>
    private static Dictionary<string, OnnxTensor> Constants(OnnxFile file)
    {
        var constants = new Dictionary<string, OnnxTensor>(file.Constants, StringComparer.Ordinal);
        foreach (var node in file.Nodes.Where(node => node.Outputs.Count == 1))
        {
            var constant = node.Operator switch
            {
                "Constant" => node.Attributes.GetValueOrDefault("value")?.Tensor,
                "Identity" => constants.GetValueOrDefault(node.Inputs[0]),
                _ => null,
            };
            if (constant is not null)
            {
                constants[node.Outputs[0]] = constant;
            }
        }

        return constants;
    }

    private static float[] Turned(float[] weight, int inputs, int outputs)
    {
        var turned = new float[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            turned[(i % inputs * outputs) + (i / inputs)] = weight[i];
        }

        return turned;
    }

    [GeneratedRegex(
        @"(?:^|/)(?<path>blocks\.(?<block>[0-9]{1,3})/(?:(?:attn|mlp)_ln(?=/(?:LayerNormalization|Mul)(?:_output_0)?$)|(?:attn/(?:query|key|value|out)|mlp/mlp\.[02])(?=/(?:MatMul|Gemm)(?:_output_0)?$)|attn/fsmn_block(?=/Conv(?:_output_0)?$)))/",
        RegexOptions.CultureInvariant)]
    private static partial Regex LayerPath();
}

/// <param name="Weight">[Outputs, Inputs, Taps]</param>
/// <param name="Bias">[Outputs]</param>
internal sealed record ConvolutionWeights(float[] Weight, float[] Bias, int Inputs, int Outputs, int Taps);

/// <param name="Weight">[Inputs, Outputs]</param>
/// <param name="Bias">[Outputs], or empty.</param>
internal sealed record ProductWeights(float[] Weight, float[] Bias, int Inputs, int Outputs);

/// <param name="Weight">[size]</param>
/// <param name="Bias">[size]</param>
internal sealed record NormWeights(float[] Weight, float[] Bias, float Epsilon);
