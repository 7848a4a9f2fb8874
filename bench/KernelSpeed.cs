using CosyVoice.Kernels;
using CosyVoice.Layers;

namespace CosyVoice.Bench;

/// <summary>What the kernels reach at sizes of the models.</summary>
internal static unsafe class KernelSpeed
{
    /// <summary>GFLOP/s of a [rows, inputs] activation times a packed [inputs, outputs] weight.</summary>
    public static double Product(Workers workers, int rows, int inputs, int outputs)
    {
        using var layer = new Linear(new float[inputs * outputs], [], inputs, outputs);
        using var x = new Tensor(rows, inputs);
        using var y = new Tensor();
        return 2.0 * rows * inputs * outputs / Medians.Seconds(() => layer.Forward(workers, x, y)) * 1e-9;
    }

    /// <summary>GFLOP/s of a convolution over x [rows, channels] to as many channels.</summary>
    public static double Convolution(Workers workers, int rows, int channels, int kernel, int dilation)
    {
        using var layer = new Conv1d(new float[channels * channels * kernel], [], channels, channels, kernel, dilation: dilation);
        using var x = new Tensor(rows, channels);
        using var y = new Tensor();
        var pad = (kernel - 1) / 2 * dilation;
        return 2.0 * rows * channels * channels * kernel / Medians.Seconds(() => layer.Forward(workers, x, y, pad, pad)) * 1e-9;
    }

    /// <summary>
    /// GB/s at which <paramref name="rows"/> rows meet weights [outputs, inputs] that lie in memory one behind the other,
    /// as the layers of a language model do; each weight counts once.
    /// </summary>
    public static double StreamedProduct(Workers workers, int rows, int inputs, int outputs)
    {
        const int Columns = 64;
        var count = (1 << 28) / (inputs * outputs);
        using var weights = new Tensor(count * outputs, inputs);
        using var x = new Tensor(rows, inputs);
        using var y = new Tensor(rows, outputs);
        var seconds = Medians.Seconds(() =>
        {
            for (var i = 0; i < count; i++)
            {
                var weight = weights.Pointer + ((long)i * inputs * outputs);
                workers.For((outputs + Columns - 1) / Columns, share => DotProducts.Multiply(
                    x.Pointer, inputs, rows, weight, inputs, [], y.Pointer, outputs, share * Columns, Math.Min(outputs, (share + 1) * Columns)));
            }
        });
        return (double)weights.Rows * inputs * sizeof(float) / seconds * 1e-9;
    }
}
