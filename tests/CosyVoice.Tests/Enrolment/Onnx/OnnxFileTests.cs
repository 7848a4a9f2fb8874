using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Enrolment.Onnx;

public class OnnxFileTests
{
    [Fact]
    public void Open_CamPlusPlus_HasWhatItsManifestSays()
    {
        using var file = new OnnxFile(Repository.Fixture("campplus/campplus.onnx"));

        Assert.Equal(["feature"], file.Inputs);
        Assert.Equal(["embedding"], file.Outputs);
        Assert.Equal(11, file.OperatorSet);
        Assert.Equal(225, file.Nodes.Count(node => node.Operator == "Conv"));
        Assert.Equal([192, 128, 1], file.Constants["xvector.dense.linear.weight"].Shape);
    }

    [Fact]
    public void Tensor_IntegersAsVarints_AreRead()
    {
        var model = OnnxBuilder.Model(
            [OnnxBuilder.Node("Identity", ["x"], "y")], new OnnxBuilder().Numbers(1, [3]).Number(2, 7).Numbers(7, [5, -1, 7]).Text(8, "c"));

        using var file = new OnnxFile("varints", model);

        Assert.Equal([5, -1, 7], file.Constants["c"].ToIntegers());
    }

    [Theory]
    [InlineData("short", "has 8 bytes")]
    [InlineData("huge", "has 8 bytes")]
    [InlineData("external", "lies in another file")]
    [InlineData("type", "is of type 99")]
    [InlineData("negative", "has shape [-1]")]
    public void Open_ImpossibleTensor_IsNamed(string kind, string named)
    {
        var tensor = new OnnxBuilder().Text(8, "w").Raw(9, new byte[8]);
        _ = kind switch
        {
            "short" => tensor.Number(2, 1).Numbers(1, [3]),
            "huge" => tensor.Number(2, 1).Numbers(1, [int.MaxValue, int.MaxValue, int.MaxValue]),
            "external" => tensor.Number(2, 1).Numbers(1, [2]).Number(14, 1),
            "type" => tensor.Number(2, 99).Numbers(1, [2]),
            _ => tensor.Number(2, 1).Numbers(1, [-1]),
        };

        var error = Assert.Throws<CheckpointException>(() => new OnnxFile("bad.onnx", OnnxBuilder.Model([OnnxBuilder.Node("Identity", ["x"], "y")], tensor)));

        Assert.Contains("bad.onnx: the tensor 'w'", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void Graph_UnknownOperators_AreAllNamed()
    {
        var model = OnnxBuilder.Model([OnnxBuilder.Node("Loop", ["x"], "z"), OnnxBuilder.Node("If", ["z"], "y"), OnnxBuilder.Node("Relu", ["y"], "v")]);
        using var file = new OnnxFile("odd.onnx", model);
        using var workers = new Workers(1);

        var error = Assert.Throws<CheckpointException>(() => new OnnxGraph(file, workers));

        Assert.Contains("operators that cannot be computed: If, Loop", error.Message);
    }

    [Fact]
    public void Graph_NodeThatDoesNotFit_IsNamed()
    {
        var model = OnnxBuilder.Model([OnnxBuilder.Node("Add", ["x", "c"], "y")], OnnxBuilder.Tensor("c", [3], new float[3]));
        using var file = new OnnxFile("odd.onnx", model);
        using var workers = new Workers(1);

        var error = Assert.Throws<CheckpointException>(() => new OnnxGraph(file, workers).Run([new OnnxValue([2], new float[2])], "y"));

        Assert.Equal("odd.onnx: the node '/y/Add' (Add) cannot be computed: [2] and [3] do not fit", error.Message);
    }

    [Fact]
    public void OpenAndRun_DamagedFiles_AreUsedOrRefused()
    {
        var random = new Random(9);
        using var workers = new Workers(1);
        var original = OnnxBuilder.Model(
            [
                OnnxBuilder.Node("Conv", ["x", "w"], "a", OnnxBuilder.Attribute("strides", 2), OnnxBuilder.Attribute("pads", 1, 1)),
                OnnxBuilder.Node("Unsqueeze", ["a", "axes"], "b"),
                OnnxBuilder.Node("Transpose", ["b"], "c", OnnxBuilder.Attribute("perm", 3, 1, 0, 2)),
                OnnxBuilder.Node("Reshape", ["c", "shape"], "d"),
                OnnxBuilder.Node("Slice", ["d", "axes", "shape"], "e"),
                OnnxBuilder.Node("Gather", ["e", "axes"], "f"),
                OnnxBuilder.Node("ReduceMean", ["f"], "y", OnnxBuilder.Attribute("axes", 0)),
            ],
            OnnxBuilder.Tensor("w", [2, 3, 3], new float[18]), OnnxBuilder.Tensor("axes", [1], [0L]), OnnxBuilder.Tensor("shape", [1], [-1L]));
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var model = original.ToArray();
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                model[random.Next(model.Length)] = (byte)random.Next(256);
            }

            try
            {
                using var file = new OnnxFile("damaged.onnx", model.AsSpan(0, random.Next(4) == 0 ? random.Next(1, model.Length) : model.Length));
                var graph = new OnnxGraph(file, workers);
                graph.Run([.. graph.Inputs.Select(_ => new OnnxValue([1, 3, 5], new float[15]))], [.. graph.Outputs]);
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 5000, 19_500);
    }
}
