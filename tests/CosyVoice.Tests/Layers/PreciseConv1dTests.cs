using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Layers;

public sealed class PreciseConv1dTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 8)]
    [InlineData(21, 7, 19)]
    [InlineData(64, 24, 33)]
    public void Forward_AnySize_IsTheSumOverTapsAndInputs(int rows, int inputs, int outputs)
    {
        var (weight, bias) = (Numbers(outputs * inputs * 3, 1), Numbers(outputs, 2));
        double[] x = [.. Numbers((rows + 2) * inputs, 3)];

        var y = Run(x, rows, weight, bias, inputs, outputs, threads: 1);

        for (var i = 0; i < y.Length; i++)
        {
            var (t, n) = (i / outputs, i % outputs);
            double expected = bias[n];
            for (var j = 0; j < 3; j++)
            {
                for (var c = 0; c < inputs; c++)
                {
                    expected += x[((t + j) * inputs) + c] * weight[(((n * inputs) + c) * 3) + j];
                }
            }

            Assert.Equal(expected, y[i], 1e-13); // At most 72 products of numbers below 1, in another order.
        }
    }

    [Fact]
    public void Forward_WithMoreThreads_GivesTheSameBits()
    {
        var (weight, bias) = (Numbers(19 * 7 * 3, 1), Numbers(19, 2));
        double[] x = [.. Numbers(102 * 7, 3)];

        Assert.Equal(Run(x, 100, weight, bias, 7, 19, threads: 1), Run(x, 100, weight, bias, 7, 19, threads: 3));
    }

    private static double[] Run(double[] x, int rows, float[] weight, float[] bias, int inputs, int outputs, int threads)
    {
        using var file = new TemporaryFile(".pt");
        TorchFileWriter.Write(file.Path, new Dictionary<string, object>
        {
            ["weight"] = new TensorToWrite([outputs, inputs, 3], weight),
            ["bias"] = new TensorToWrite([outputs], bias),
        });
        using var checkpoint = Checkpoint.Open(file.Path);
        using var workers = new Workers(threads);
        var y = new double[rows * outputs];
        new PreciseConv1d(new WeightScope(checkpoint), inputs, outputs, 3).Forward(workers, x, y, rows);
        return y;
    }

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin((i + 1) * (seed + 0.7f)))];
}
