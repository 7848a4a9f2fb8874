using CosyVoice.Enrolment;
using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;
using CosyVoice.Tests.Enrolment.Onnx;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Enrolment;

public sealed class SpeechTokenizerTests : IDisposable
{
    private const int Width = 64;
    private const int Bins = 16;

    private readonly Workers _workers = new(2);

    public void Dispose() => _workers.Dispose();

    [Fact]
    public void Encode_NormsWrittenOutInSteps_IsTheSame()
    {
        var (whole, wholeInner) = Encode(Model(stepped: false));
        var (stepped, steppedInner) = Encode(Model(stepped: true));

        Assert.Equal(5, whole.Length);
        Assert.Equal(whole, stepped);
        Assert.Equal(wholeInner, steppedInner);
    }

    [Fact]
    public void Open_MissingLayers_AreAllNamed()
    {
        var error = Assert.Throws<CheckpointException>(() => Encode(Model(stepped: false, without: ["attn/key", "mlp_ln"])));

        Assert.Equal(["missing blocks.0/attn/key", "missing blocks.0/mlp_ln"], error.Problems);
    }

    [Fact]
    public void Open_AnotherNetwork_IsNoSpeechTokenizer()
    {
        using var file = new OnnxFile(Repository.Fixture("campplus/campplus.onnx"));

        Assert.Contains("no speech tokenizer", Assert.Throws<CheckpointException>(() => new SpeechTokenizer(file, _workers)).Message);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(400, 100)]
    public void Encode_AnyFrames_IsOneTokenForFour(int frames, int tokens)
    {
        using var file = new OnnxFile(Repository.Fixture("speech_tokenizer_v3/speech_tokenizer_v3.onnx"));
        using var tokenizer = new SpeechTokenizer(file, _workers);
        using var mel = new Tensor(frames, tokenizer.MelBins);

        var got = tokenizer.Encode(mel);

        Assert.Equal((tokens, 6561), (got.Length, tokenizer.Codes));
        Assert.All(got, token => Assert.InRange(token, 0, 6560));
    }

    private (int[] Tokens, float[] Inner) Encode(byte[] model)
    {
        using var file = new OnnxFile("tokenizer.onnx", model);
        using var tokenizer = new SpeechTokenizer(file, _workers);
        using var mel = Tensor.From(Values(20 * Bins, 1, 99), 20, Bins);
        float[] inner = [];
        return (tokenizer.Encode(mel, (name, value) => inner = name == "encoder_out" ? value.Span.ToArray() : inner), inner);
    }

    /// <param name="stepped">Norms as operator sets before 17 have them.</param>
    /// <param name="without">Layers that are left out.</param>
    private static byte[] Model(bool stepped, string[]? without = null)
    {
        var (nodes, constants) = (new List<OnnxBuilder>(), new List<OnnxBuilder>());
        Node("Conv", "/conv1/Conv", ["x", Constant([Width, Bins, 3], 0.1f), Constant([Width], 0.1f)]);
        Node("Conv", "/conv2/Conv", ["x", Constant([Width, Width, 3], 0.1f), Constant([Width], 0.1f)]);
        Norm("attn_ln");
        Product("/blocks.0/attn/query", Width, Width);
        Product("/blocks.0/attn/key", Width, Width);
        Product("/blocks.0/attn/value", Width, Width);
        Node("Conv", "/blocks.0/attn/fsmn_block/Conv", ["x", Constant([Width, 1, 31], 0.1f)]);
        Product("/blocks.0/attn/out", Width, Width);
        Norm("mlp_ln");
        Product("/blocks.0/mlp/mlp.0", Width, 4 * Width);
        Product("/blocks.0/mlp/mlp.2", 4 * Width, Width);
        Product("/quantizer/project_in", Width, 8);
        return OnnxBuilder.Model(nodes, [.. constants]);

        void Norm(string name)
        {
            var (weight, bias) = (Constant([Width], 1), Constant([Width], 0.1f));
            if (stepped)
            {
                constants.Add(OnnxBuilder.Tensor($"{name}-epsilon", [], [0.25f]));
                Node("Add", $"/blocks.0/{name}/Add", ["x", $"{name}-epsilon"]);
                Node("Mul", $"/blocks.0/{name}/Mul", [weight, "x"]);
                Node("Add", $"/blocks.0/{name}/Add_1", [$"/blocks.0/{name}/Mul_output_0", bias]);
            }
            else
            {
                Node("LayerNormalization", $"/blocks.0/{name}/LayerNormalization", ["x", weight, bias], new OnnxBuilder().Text(1, "epsilon").Single(2, 0.25f));
            }
        }

        void Product(string path, int inputs, int outputs)
        {
            Node("MatMul", $"{path}/MatMul", ["x", Constant([inputs, outputs], 0.2f)]);
            Node("Add", $"{path}/Add", [Constant([outputs], 0.1f), $"{path}/MatMul_output_0"]);
        }

        void Node(string type, string path, string[] inputs, params OnnxBuilder[] attributes)
        {
            if (without?.Any(layer => path.Contains($"/{layer}/", StringComparison.Ordinal)) != true)
            {
                nodes.Add(OnnxBuilder.Node(type, inputs, $"{path}_output_0", attributes));
            }
        }

        string Constant(int[] shape, float size)
        {
            constants.Add(OnnxBuilder.Tensor($"onnx::{constants.Count}", shape, Values(shape.Aggregate(1, (a, b) => a * b), size, shape[0] + shape[^1])));
            return $"onnx::{constants.Count - 1}";
        }
    }

    private static float[] Values(int count, float size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => size * ((2 * random.NextSingle()) - 1))];
    }
}
