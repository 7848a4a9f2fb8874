using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Every row as often as the rate says, then a convolution that looks back only: y[t] = b + sum over taps j of
/// W_j x[(t + j - kernel + 1) / rate], rounded down, x [time, inputs].
/// </summary>
/// <remarks>
/// Taps that meet the same row of x are added up at load. The outputs q * rate + r, r in [0, rate), of one q then see the
/// same few rows and differ in their weights only, so this is a plain convolution with rate * outputs channels, whose row q,
/// read as [rate, outputs], is rate rows of y.
/// </remarks>
internal sealed class RepeatedConv1d : IUpsampling
{
    private readonly Conv1d _conv;
    private readonly int _outputs;
    private readonly int _rate;
    private readonly int _taps;

    /// <summary>Reads <c>weight</c> [outputs, inputs, kernel] (weight-normed in either naming, or plain) and <c>bias</c> [outputs].</summary>
    public RepeatedConv1d(WeightScope w, int inputs, int outputs, int kernel, int rate)
        : this(WeightNorm.Read(w, outputs, inputs, kernel), w.Get("bias", outputs).ToFloats(), inputs, outputs, kernel, rate)
    {
    }

    /// <param name="weight">[outputs, inputs, kernel].</param>
    /// <param name="bias">[outputs].</param>
    public RepeatedConv1d(ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs, int kernel, int rate)
    {
        (_outputs, _rate, _taps) = (outputs, rate, Taps(kernel, rate));
        _conv = new Conv1d(
            Join(weight, inputs, outputs, kernel, rate), [.. Enumerable.Range(0, rate).SelectMany(_ => bias)], inputs, rate * outputs, _taps);
    }

    /// <summary>Adds up the taps of weight [outputs, inputs, kernel] that meet the same row: [rate, outputs, inputs, taps].</summary>
    public static float[] Join(ReadOnlySpan<float> weight, int inputs, int outputs, int kernel, int rate)
    {
        var length = Taps(kernel, rate);
        var joined = new float[rate * outputs * inputs * length];
        Span<double> sums = stackalloc double[length];
        for (var row = 0; row < rate * outputs * inputs; row++)
        {
            var phase = row / (outputs * inputs);
            var taps = weight.Slice(row % (outputs * inputs) * kernel, kernel);
            sums.Clear();
            for (var j = 0; j < kernel; j++)
            {
                // Row q - back of x; the latest tap is the row itself.
                var back = (kernel - 1 - j - phase + rate - 1) / rate;
                sums[length - 1 - back] += taps[j];
            }

            for (var tap = 0; tap < length; tap++)
            {
                joined[(row * length) + tap] = (float)sums[tap];
            }
        }

        return joined;
    }

    /// <summary>Rows of the input that an output depends on.</summary>
    public static int Taps(int kernel, int rate) => ((kernel - 2 + rate) / rate) + 1;

    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        _conv.Forward(workers, x, y, _taps - 1, 0);
        y.Reshape(x.Rows * _rate, _outputs);
    }

    public void Dispose() => _conv.Dispose();
}
