using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;

namespace CosyVoice.Tests.Enrolment.Onnx;

/// <summary>Every operator against a case computed by hand.</summary>
public sealed class OnnxOperatorsTests : IDisposable
{
    private readonly Workers _workers = new(2);

    public void Dispose() => _workers.Dispose();

    [Fact]
    public void Arithmetic_DifferentShapes_RepeatsAxesOfOne()
    {
        var (a, b) = (R([2, 1], 1, 2), R([1, 3], 10, 20, 30));

        Check([2, 3], [11, 21, 31, 12, 22, 32], Run("Add", [a, b]));
        Check([2, 3], [-9, -19, -29, -8, -18, -28], Run("Sub", [a, b]));
        Check([2, 3], [10, 20, 30, 20, 40, 60], Run("Mul", [a, b]));
        Check([1, 3], [5, 10, 15], Run("Div", [b, R([], 2)]));
        Check([2, 1], [1, 4], Run("Pow", [a, R([1], 2)]));
        Check([2], [-3L, 2], Run("Div", [I([2], -7, 5), I([], 2)]));
        Check([2], [3L, 8], Run("Add", [I([2], 1, 6), I([1], 2)]));
        Check([3, 2, 2], [1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6], Run("Mul", [R([3, 1, 2], 1, 2, 3, 4, 5, 6), R([2, 1], 1, 1)]));
    }

    [Fact]
    public void Functions_EachElement()
    {
        Check([3], [0, 0, 2], Run("Relu", [R([3], -1, 0, 2)]));
        Check([3], [0.5f, 0.8807971f, 0.11920292f], Run("Sigmoid", [R([3], 0, 2, -2)]));
        Check([2], [1.5f, 2], Run("Sqrt", [R([2], 2.25f, 4)]));
        Check([2], [7f, 8f], Run("Identity", [R([2], 7, 8)]));
    }

    [Fact]
    public void Cast_BetweenKinds_CutsFractions()
    {
        Check([3], [1L, -1, 0], Run("Cast", [R([3], 1.9f, -1.9f, 0)], ("to", [7])));
        Check([2], [3f, -4f], Run("Cast", [I([2], 3, -4)], ("to", [1])));
        Check([3], [1L, 1, 0], Run("Cast", [R([3], 0.1f, -3, 0)], ("to", [9])));
        Assert.False(Run("Cast", [R([1], 1)], ("to", [7])).IsReal);
        Assert.True(Run("Cast", [I([1], 1)], ("to", [1])).IsReal);
    }

    [Fact]
    public void EqualAndWhere_ChooseByElement()
    {
        Check([3], [0L, 1, 0], Run("Equal", [I([3], 1, 2, 3), I([1], 2)]));
        Check([2], [1L, 0], Run("Equal", [R([2], 0.5f, 1), R([2], 0.5f, 2)]));
        Check([2, 2], [1, 9, 1, 9], Run("Where", [I([2], 1, 0), R([2, 1], 1, 1), R([], 9)]));
    }

    [Fact]
    public void Shapes_ChangeWithoutMovingElements()
    {
        var x = R([2, 3], 1, 2, 3, 4, 5, 6);

        Check([2], [2L, 3], Run("Shape", [x]));
        Check([3, 2], [1, 2, 3, 4, 5, 6], Run("Reshape", [x, I([2], 3, -1)]));
        Check([2, 1, 3], [1, 2, 3, 4, 5, 6], Run("Reshape", [x, I([3], 0, 1, 3)]));
        Check([1, 2, 3, 1], [1, 2, 3, 4, 5, 6], Run("Unsqueeze", [x], ("axes", [0, -1])));
        Check([2, 1, 3], [1, 2, 3, 4, 5, 6], Run("Unsqueeze", [x, I([1], 1)]));
        Check([2], [7, 8], Run("Squeeze", [R([1, 2, 1], 7, 8)]));
        Check([1, 2], [7, 8], Run("Squeeze", [R([1, 2, 1], 7, 8)], ("axes", [-1])));
    }

    [Fact]
    public void Rearrangement_MovesElements()
    {
        var x = R([2, 3], 1, 2, 3, 4, 5, 6);

        Check([3, 2], [1, 4, 2, 5, 3, 6], Run("Transpose", [x]));
        Check([2, 1, 3], [1, 2, 3, 4, 5, 6], Run("Transpose", [R([1, 2, 3], 1, 2, 3, 4, 5, 6)], ("perm", [1, 0, 2])));
        Check([2, 4], [1, 2, 3, 7, 4, 5, 6, 8], Run("Concat", [x, R([2, 1], 7, 8)], ("axis", [-1])));
        Check([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9], Run("Concat", [x, R([1, 3], 7, 8, 9)], ("axis", [0])));
        Check([2, 2], [3, 1, 6, 4], Run("Gather", [x, I([2], -1, 0)], ("axis", [1])));
        Check([3], [4, 5, 6], Run("Gather", [x, I([], 1)]));
        Check([2, 2, 3], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], Run("Expand", [R([2, 1, 3], 1, 2, 3, 4, 5, 6), I([2], 2, 1)]));
    }

    [Fact]
    public void Slice_RangesOfPython()
    {
        var x = R([2, 4], 0, 1, 2, 3, 4, 5, 6, 7);

        Check([2, 2], [1, 2, 5, 6], Run("Slice", [x, I([1], 1), I([1], -1), I([1], 1)]));
        Check([1, 4], [4, 5, 6, 7], Run("Slice", [x, I([1], 1), I([1], long.MaxValue)]));
        Check([2, 2], [3, 1, 7, 5], Run("Slice", [x, I([1], -1), I([1], long.MinValue), I([1], 1), I([1], -2)]));
        Check([2, 0], [], Run("Slice", [x, I([1], 3), I([1], 1), I([1], 1)]));
        Check([1, 2], [5, 6], Run("Slice", [x], ("starts", [1, 1]), ("ends", [2, 3])));
    }

    [Fact]
    public void Pad_FillsAllSides()
    {
        Check([2, 4], [0, 1, 2, 0, 0, 3, 4, 0], Run("Pad", [R([2, 2], 1, 2, 3, 4)], ("pads", [0, 1, 0, 1])));
        Check([3], [9, 1, 2], Run("Pad", [R([2], 1, 2), I([2], 1, 0), R([], 9)]));
    }

    [Fact]
    public void Constants_HaveTheirValue()
    {
        Check([2, 3], [0, 0, 0, 0, 0, 0], Run("ConstantOfShape", [I([2], 2, 3)]));
        Check([2], [5L, 5], Graph([OnnxBuilder.Node("ConstantOfShape", ["x"], "y", new OnnxBuilder().Text(1, "value").Raw(5, OnnxBuilder.Tensor("", [1], [5L]).Bytes))], I([1], 2)));
        Check([1, 2], [3f, 4f], Graph([OnnxBuilder.Node("Constant", [], "y", new OnnxBuilder().Text(1, "value").Raw(5, OnnxBuilder.Tensor("", [1, 2], [3f, 4f]).Bytes))], I([1], 2)));
    }

    [Fact]
    public void Reductions_OverAxes()
    {
        var x = R([2, 3], 1, 2, 3, 4, 5, 9);

        Check([2, 1], [2, 6], Run("ReduceMean", [x], ("axes", [-1])));
        Check([3], [2.5f, 3.5f, 6], Run("ReduceMean", [x], ("axes", [0]), ("keepdims", [0])));
        Check([1, 1], [4f], Run("ReduceMean", [x]));
        Check([], [12L], Run("ReduceProd", [I([3], 1, 3, 4)], ("keepdims", [0])));
        Check([2], [6, 18], Run("ReduceSum", [x, I([1], 1)], ("keepdims", [0])));
    }

    [Fact]
    public void BatchNormalization_UsesTheMeansOfTraining() => Check(
        [1, 2, 2], [1, 3, -3, 2], Run("BatchNormalization", [R([1, 2, 2], 2, 4, 1, 2), R([2], 2, 5), R([2], 1, -3), R([2], 2, 1), R([2], 4 - 1e-5f, 1 - 1e-5f)]));

    [Fact]
    public void AveragePool_LastWindowBeyondTheEnd_IsAveragedOverWhatItCovers()
    {
        var x = R([1, 1, 5], 1, 2, 3, 4, 10);

        Check([1, 1, 3], [1.5f, 3.5f, 10], Run("AveragePool", [x], ("kernel_shape", [2]), ("strides", [2]), ("ceil_mode", [1])));
        Check([1, 1, 2], [1.5f, 3.5f], Run("AveragePool", [x], ("kernel_shape", [2]), ("strides", [2])));
        Check([1, 1, 1], [4f], Run("AveragePool", [x], ("kernel_shape", [100]), ("strides", [100]), ("ceil_mode", [1])));
        Check([1, 1, 1, 1], [2.5f], Run("AveragePool", [R([1, 1, 2, 2], 1, 2, 3, 4)], ("kernel_shape", [2, 2])));
        Check([1, 1, 2], [0.5f, 4.5f], Run("AveragePool", [R([1, 1, 4], 1, 3, 4, 5)], ("kernel_shape", [2]), ("strides", [3]), ("pads", [1, 0]), ("count_include_pad", [1])));
        Check([1, 1, 2], [1f, 4.5f], Run("AveragePool", [R([1, 1, 4], 1, 3, 4, 5)], ("kernel_shape", [2]), ("strides", [3]), ("pads", [1, 0])));
    }

    [Fact]
    public void Conv_ByHand()
    {
        // y[t] = b + x[t - 1] + 2 x[t] + 4 x[t + 1]
        Check([1, 1, 3], [10.5f, 17.5f, 8.5f], Run("Conv", [R([1, 1, 3], 1, 2, 3), R([1, 1, 3], 1, 2, 4), R([1], 0.5f)], ("pads", [1, 1])));
        Check([1, 1, 2], [13f, 18f], Run("Conv", [R([1, 1, 4], 1, 2, 3, 4), R([1, 1, 2], 1, 4)], ("dilations", [2])));
        Check([1, 2, 1], [3f, 70f], Run("Conv", [R([1, 2, 2], 1, 2, 3, 4), R([2, 1, 2], 1, 1, 10, 10)], ("group", [2])));
        Check([1, 1, 1, 1], [1 + 20 + 300 + 4000f], Run("Conv", [R([1, 1, 2, 2], 1, 2, 3, 4), R([1, 1, 2, 2], 1, 10, 100, 1000)]));
    }

    [Theory]
    [InlineData(1, 3, 17, 1, 40, 5, 3, 3, 1, 1, 1, 1)]
    [InlineData(2, 4, 9, 1, 13, 6, 3, 3, 2, 1, 1, 1)]
    [InlineData(1, 8, 30, 2, 31, 8, 1, 5, 1, 2, 2, 2)]
    public void Conv_RandomShapes_IsThatOfTheDefinition(
        int batch, int channels, int height, int groups, int width, int outputs, int kernelY, int kernelX, int strideY, int strideX, int dilation, int pad)
    {
        var random = new Random(channels);
        var x = R([batch, channels, height, width], Random(batch * channels * height * width));
        var w = R([outputs, channels / groups, kernelY, kernelX], Random(outputs * channels / groups * kernelY * kernelX));
        var bias = R([outputs], Random(outputs));

        var y = Run(
            "Conv", [x, w, bias], ("strides", [strideY, strideX]), ("dilations", [dilation, dilation]), ("pads", [pad, pad, pad, pad]), ("group", [groups]));

        var (rows, columns) = (y.Shape[2], y.Shape[3]);
        Assert.Equal(((height + (2 * pad) - (dilation * (kernelY - 1)) - 1) / strideY) + 1, rows);
        for (var i = 0; i < y.Count; i++)
        {
            var (column, row, output, n) = (i % columns, i / columns % rows, i / columns / rows % outputs, i / columns / rows / outputs);
            var sum = (double)bias.Reals[output];
            for (var c = 0; c < channels / groups; c++)
            {
                for (var ky = 0; ky < kernelY; ky++)
                {
                    for (var kx = 0; kx < kernelX; kx++)
                    {
                        var (inY, inX) = ((row * strideY) + (ky * dilation) - pad, (column * strideX) + (kx * dilation) - pad);
                        var channel = (output / (outputs / groups) * (channels / groups)) + c;
                        sum += inY < 0 || inX < 0 || inY >= height || inX >= width ? 0
                            : (double)x.Reals[(((((n * channels) + channel) * height) + inY) * width) + inX]
                                * w.Reals[(((((output * (channels / groups)) + c) * kernelY) + ky) * kernelX) + kx];
                    }
                }
            }

            Assert.Equal(sum, y.Reals[i], 1e-4);
        }

        float[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Fact]
    public void EveryOperator_HasACase()
    {
        var tested = File.ReadAllText(Repository.File("tests/CosyVoice.Tests/Enrolment/Onnx/OnnxOperatorsTests.cs"));

        Assert.All(OnnxOperators.All.Keys, name => Assert.Contains($"\"{name}\"", tested));
    }

    private OnnxValue Run(string type, OnnxValue[] inputs, params (string Name, int[] Values)[] attributes)
    {
        var settings = attributes.ToDictionary(pair => pair.Name, pair => OnnxAttribute.Of(pair.Name, [.. pair.Values.Select(value => (long)value)]));
        return OnnxOperators.All[type](new OnnxCall(new OnnxNode(type, type, [], [], settings), inputs, _workers));
    }

    private OnnxValue Graph(OnnxBuilder[] nodes, OnnxValue x)
    {
        using var file = new OnnxFile("test.onnx", OnnxBuilder.Model(nodes));
        return new OnnxGraph(file, _workers).Run([x], "y")[0];
    }

    private static OnnxValue R(int[] shape, params float[] values) => new(shape, values);

    private static OnnxValue I(int[] shape, params long[] values) => new(shape, values);

    private static void Check(int[] shape, double[] expected, OnnxValue got)
    {
        Assert.Equal(shape, got.Shape);
        double[] values = got.IsReal ? [.. got.Reals.Select(value => (double)value)] : [.. got.Integers.Select(value => (double)value)];
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], values[i], 1e-6);
        }
    }
}
