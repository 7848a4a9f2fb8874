namespace CosyVoice.Kernels;

/// <summary>Normalisation of one row.</summary>
public static class Norms
{
    /// <summary>y = (x - mean) / sqrt(variance + epsilon) * weight + bias; all [n]; y may be x.</summary>
    public static void LayerNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
    {
        double mean = 0, variance = 0;
        foreach (var v in x)
        {
            mean += v;
        }

        mean /= x.Length;
        foreach (var v in x)
        {
            variance += (v - mean) * (v - mean);
        }

        var scale = 1 / Math.Sqrt((variance / x.Length) + epsilon);
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = (float)((x[i] - mean) * scale * weight[i]) + bias[i];
        }
    }

    /// <summary>y = x / sqrt(mean(x^2) + epsilon) * weight; all [n]; y may be x.</summary>
    public static void RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> y)
    {
        double sum = 0;
        foreach (var v in x)
        {
            sum += (double)v * v;
        }

        var scale = (float)(1 / Math.Sqrt((sum / x.Length) + epsilon));
        for (var i = 0; i < x.Length; i++)
        {
            y[i] = x[i] * scale * weight[i];
        }
    }

    /// <summary>x = exp(x - max) / sum, in place.</summary>
    public static void Softmax(Span<float> x)
    {
        var max = float.NegativeInfinity;
        foreach (var v in x)
        {
            max = MathF.Max(max, v);
        }

        var sum = 0f;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = MathF.Exp(x[i] - max);
            sum += x[i];
        }

        for (var i = 0; i < x.Length; i++)
        {
            x[i] /= sum;
        }
    }
}
