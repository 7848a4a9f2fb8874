using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Tests.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Models;

public sealed class WindowedLinearTests
{
    private const int Inputs = 5;
    private const int Outputs = 7;
    private const int Taps = 3;

    // Sums of 15 products below one.
    private const double Tolerance = 15 * 6e-8;

    [Theory]
    [InlineData(0, false)]
    [InlineData(-2, false)]
    [InlineData(1, true)]
    public void Apply_Convolution_IsTheDefinition(int shift, bool accumulate)
    {
        using var weights = new MemoryCheckpoint()
            .Add("weight", Samples.Uniform(Outputs * Inputs * Taps, 1), Outputs, Inputs, Taps)
            .Add("bias", Samples.Uniform(Outputs, 2), Outputs);
        using var layer = WindowedLinear.Convolution(new WeightScope(weights), Inputs, Outputs, Taps);
        using var x = Tensor.From(Samples.Uniform(12 * Inputs, 3), 12, Inputs);
        using var y = Tensor.From(Samples.Uniform(13 * Outputs, 4), 13, Outputs);
        var expected = Array.ConvertAll(y.Span.ToArray(), value => (double)value);
        for (var row = 2; row < 12; row++)
        {
            for (var n = 0; n < Outputs; n++)
            {
                double sum = weights.Values("bias")[n];
                for (var c = 0; c < Inputs; c++)
                {
                    for (var j = 0; j < Taps; j++)
                    {
                        sum += (double)weights.Values("weight")[(((n * Inputs) + c) * Taps) + j] * x.Row(row - Taps + 1 + j)[c];
                    }
                }

                ref var target = ref expected[((row + shift) * Outputs) + n];
                target = accumulate ? target + sum : sum;
            }
        }

        layer.Apply(x, y, 2, 12, shift, accumulate);
        Samples.AssertClose(expected, y.Span, Tolerance, 0);
    }

    [Fact]
    public void Joined_TwoLayers_StandSideBySide()
    {
        using var weights = new MemoryCheckpoint()
            .Add("a.weight", [1, 2], 1, 2).Add("a.bias", [10], 1)
            .Add("b.weight", [3, 4], 1, 2).Add("b.bias", [20], 1);
        var scope = new WeightScope(weights);
        using var layer = WindowedLinear.Joined([scope["a"], scope["b"]], 2, 1);
        using var workers = new Workers(1);
        using var x = Tensor.From([1, 1], 1, 2);
        using var y = new Tensor();
        layer.Forward(workers, x, y);
        Assert.Equal([13, 27], y.Span.ToArray());
    }

    [Theory]
    [InlineData(1, 12, 0)] // the first window begins before x
    [InlineData(2, 13, 0)] // the last ends after x
    [InlineData(2, 12, 2)] // behind y
    [InlineData(2, 12, -3)] // before y
    public void Apply_OutsideTheTensors_Throws(int start, int end, int shift)
    {
        using var weights = new MemoryCheckpoint()
            .Add("weight", new float[Outputs * Inputs * Taps], Outputs, Inputs, Taps)
            .Add("bias", new float[Outputs], Outputs);
        using var layer = WindowedLinear.Convolution(new WeightScope(weights), Inputs, Outputs, Taps);
        using var x = new Tensor(12, Inputs);
        using var y = new Tensor(13, Outputs);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Apply(x, y, start, end, shift));
    }
}
