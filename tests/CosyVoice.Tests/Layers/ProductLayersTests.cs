using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Layers;

/// <summary>Linear, Conv1d, ConvTranspose1d against their definitions in double, and against themselves on more threads.</summary>
public sealed class ProductLayersTests
{
    // Sums of at most 200 products below one.
    private const double Tolerance = 200 * 6e-8;

    [Theory]
    [InlineData(1, 3, 5)]
    [InlineData(50, 40, 70)]
    [InlineData(130, 96, 256)]
    public void Linear_AnySize_IsTheProduct(int rows, int inputs, int outputs)
    {
        var (weight, bias) = (Samples.Uniform(inputs * outputs, 1), Samples.Uniform(outputs, 2));
        using var layer = new Linear(weight, bias, inputs, outputs);
        using var x = Tensor.From(Samples.Uniform(rows * inputs, 3), rows, inputs);
        var expected = new double[rows * outputs];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = bias[i % outputs];
            for (var k = 0; k < inputs; k++)
            {
                expected[i] += (double)x.Row(i / outputs)[k] * weight[(i % outputs * inputs) + k];
            }
        }

        Samples.AssertClose(expected, OnEveryThreadCount((workers, y) => layer.Forward(workers, x, y)), Tolerance, 0);
    }

    [Fact]
    public void Linear_Add_AddsToTheTarget()
    {
        using var layer = new Linear([2, 3], [1], 2, 1);
        using var x = Tensor.From([1, 10], 1, 2);
        using var y = Tensor.From([100], 1, 1);
        using var workers = new Workers(1);
        layer.Add(workers, x, y);
        Assert.Equal(133, y.Span[0]);
    }

    [Theory]
    [InlineData(1, 4, 6, 1, 1, 1, 0, 0, 1)]
    [InlineData(20, 8, 33, 3, 1, 1, 2, 0, 1)] // causal
    [InlineData(20, 8, 33, 3, 1, 1, 0, 2, 1)] // looking ahead
    [InlineData(2, 5, 6, 7, 1, 1, 3, 3, 1)] // kernel longer than the input
    [InlineData(40, 6, 10, 11, 1, 5, 25, 25, 1)] // dilated
    [InlineData(90, 18, 12, 30, 15, 1, 7, 7, 1)] // strided
    [InlineData(91, 6, 12, 6, 3, 1, 1, 1, 1)]
    [InlineData(30, 12, 8, 5, 1, 1, 4, 0, 4)] // grouped
    [InlineData(500, 16, 64, 7, 1, 3, 9, 9, 1)] // several shares
    public void Conv1d_AnyShape_IsTheDefinition(
        int time, int inputs, int outputs, int kernel, int stride, int dilation, int left, int right, int groups)
    {
        var (weight, bias) = (Samples.Uniform(outputs * inputs / groups * kernel, 1), Samples.Uniform(outputs, 2));
        using var layer = new Conv1d(weight, bias, inputs, outputs, kernel, stride, dilation, groups);
        using var x = Tensor.From(Samples.Uniform(time * inputs, 3), time, inputs);
        var rows = ((time + left + right - (dilation * (kernel - 1)) - 1) / stride) + 1;
        var expected = new double[rows * outputs];
        for (var i = 0; i < expected.Length; i++)
        {
            var (t, n) = (i / outputs, i % outputs);
            var group = n / (outputs / groups);
            expected[i] = bias[n];
            for (var c = 0; c < inputs / groups; c++)
            {
                for (var j = 0; j < kernel; j++)
                {
                    var at = (t * stride) + (j * dilation) - left;
                    if (at >= 0 && at < time)
                    {
                        expected[i] += (double)weight[(((n * (inputs / groups)) + c) * kernel) + j] * x.Row(at)[(group * (inputs / groups)) + c];
                    }
                }
            }
        }

        Samples.AssertClose(expected, OnEveryThreadCount((workers, y) => layer.Forward(workers, x, y, left, right)), Tolerance, 0);
    }

    [Fact]
    public void Conv1d_Add_AddsToTheTarget()
    {
        using var layer = new Conv1d([2, 3], [1], 1, 1, 2);
        using var x = Tensor.From([1, 10], 2, 1);
        using var y = Tensor.From([100, 1000], 2, 1);
        using var workers = new Workers(1);
        layer.Add(workers, x, y, 1, 0);
        Assert.Equal([104, 1033], y.Span.ToArray());
    }

    [Theory]
    [InlineData(1, 3, 4, 16, 8, 4)]
    [InlineData(9, 3, 4, 16, 8, 4)]
    [InlineData(9, 5, 33, 11, 5, 3)]
    [InlineData(1, 5, 33, 7, 3, 2)]
    [InlineData(300, 8, 16, 7, 3, 2)]
    [InlineData(4, 2, 2, 3, 3, 0)]
    public void ConvTranspose1d_AnyShape_IsTheDefinition(int time, int inputs, int outputs, int kernel, int stride, int padding)
    {
        var (weight, bias) = (Samples.Uniform(inputs * outputs * kernel, 1), Samples.Uniform(outputs, 2));
        using var layer = new ConvTranspose1d(weight, bias, inputs, outputs, kernel, stride, padding);
        using var x = Tensor.From(Samples.Uniform(time * inputs, 3), time, inputs);
        var rows = ((time - 1) * stride) - (2 * padding) + kernel;
        var expected = new double[rows * outputs];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = bias[i % outputs];
        }

        for (var t = 0; t < time; t++)
        {
            for (var j = 0; j < kernel; j++)
            {
                var at = (t * stride) + j - padding;
                for (var n = 0; n < outputs && at >= 0 && at < rows; n++)
                {
                    for (var c = 0; c < inputs; c++)
                    {
                        expected[(at * outputs) + n] += (double)x.Row(t)[c] * weight[(((c * outputs) + n) * kernel) + j];
                    }
                }
            }
        }

        Samples.AssertClose(expected, OnEveryThreadCount((workers, y) => layer.Forward(workers, x, y)), Tolerance, 0);
    }

    /// <summary>The result, the same bits for every number of threads.</summary>
    private static float[] OnEveryThreadCount(Action<Workers, Tensor> forward)
    {
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3, 8 })
        {
            using var workers = new Workers(threads);
            using var y = new Tensor();
            forward(workers, y);
            first ??= y.Span.ToArray();
            Samples.AssertSameBits(first, y.Span);
        }

        return first!;
    }
}
