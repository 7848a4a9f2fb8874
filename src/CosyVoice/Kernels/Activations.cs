namespace CosyVoice.Kernels;

/// <summary>Element-wise functions, in place.</summary>
public static class Activations
{
    /// <summary>x * sigmoid(x).</summary>
    public static void Silu(Span<float> x) => Apply(x, static v => v / (1 + MathF.Exp(-v)));

    /// <summary>gate = silu(gate) * up, the gated MLP of Qwen2.</summary>
    public static void SiluMultiply(Span<float> gate, ReadOnlySpan<float> up)
    {
        for (var i = 0; i < gate.Length; i++)
        {
            gate[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
        }
    }

    /// <summary>x * (1 + erf(x / sqrt 2)) / 2.</summary>
    public static void GeluErf(Span<float> x) => Apply(x, static v => 0.5f * v * (1 + Erf(v * 0.70710678f)));

    /// <summary>x * tanh(ln(1 + exp(x))).</summary>
    public static void Mish(Span<float> x) => Apply(x, static v => v * MathF.Tanh(v > 20 ? v : MathF.Log(1 + MathF.Exp(v))));

    /// <summary>x above zero, exp(x) - 1 below.</summary>
    public static void Elu(Span<float> x) => Apply(x, static v => v > 0 ? v : MathF.Exp(v) - 1);

    /// <summary>x above zero, slope * x below.</summary>
    public static void LeakyRelu(Span<float> x, float slope)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = x[i] > 0 ? x[i] : x[i] * slope;
        }
    }

    /// <summary>x + sin^2(alpha x) / (alpha + 1e-9) per channel; x is [rows, channels], alpha [channels].</summary>
    public static void Snake(ReadOnlySpan<float> x, ReadOnlySpan<float> alpha, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var a = alpha[i % alpha.Length];
            var sine = MathF.Sin(a * x[i]);
            y[i] = x[i] + (sine * sine / (a + 1e-9f));
        }
    }

    private static void Apply(Span<float> x, Func<float, float> function)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = function(x[i]);
        }
    }

    private static float Erf(float x)
    {
        // Series below 3, 1 above: enough for the scalar placeholder.
        if (MathF.Abs(x) > 3.5f)
        {
            return MathF.Sign(x);
        }

        double sum = x, term = x;
        for (var n = 1; n < 60; n++)
        {
            term *= -(double)x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return (float)(sum * 1.1283791670955126);
    }
}
