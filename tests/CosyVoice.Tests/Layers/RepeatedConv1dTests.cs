using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Layers;

public sealed class RepeatedConv1dTests
{
    [Theory]
    [InlineData(1, 3, 5, 16, 8)]
    [InlineData(20, 8, 4, 16, 8)]
    [InlineData(13, 8, 6, 11, 5)]
    [InlineData(40, 6, 3, 7, 3)]
    [InlineData(5, 2, 2, 3, 3)]
    [InlineData(5, 2, 2, 4, 1)]
    public void Forward_AnyShape_IsTheDefinition(int time, int inputs, int outputs, int kernel, int rate)
    {
        var (weight, bias) = (Samples.Uniform(outputs * inputs * kernel, 1), Samples.Uniform(outputs, 2));
        using var layer = new RepeatedConv1d(weight, bias, inputs, outputs, kernel, rate);
        using var x = Tensor.From(Samples.Uniform(time * inputs, 3), time, inputs);
        var expected = new double[time * rate * outputs];
        for (var i = 0; i < expected.Length; i++)
        {
            var (t, n) = (i / outputs, i % outputs);
            expected[i] = bias[n];
            for (var j = Math.Max(0, kernel - 1 - t); j < kernel; j++)
            {
                for (var c = 0; c < inputs; c++)
                {
                    expected[i] += (double)weight[(((n * inputs) + c) * kernel) + j] * x.Row((t + j - kernel + 1) / rate)[c];
                }
            }
        }

        using var workers = new Workers(2);
        using var y = new Tensor();
        layer.Forward(workers, x, y);

        Assert.Equal((time * rate, outputs), (y.Rows, y.Columns));
        Samples.AssertClose(expected, y.Span, 2e-5, 0);
    }
}
