namespace CosyVoice.Kernels;

/// <summary>Element-wise functions. NaN stays NaN; the target may be the source.</summary>
public static class Activations
{
    /// <summary>x * sigmoid(x).</summary>
    public static void Silu(Span<float> x) => Elementwise.Apply(VectorWidths.Active, default(SiluOperator), x, x);

    /// <summary>gate = silu(gate) * up, the gated MLP of Qwen2.</summary>
    public static void SiluMultiply(Span<float> gate, ReadOnlySpan<float> up) =>
        Elementwise.Apply(VectorWidths.Active, default(SiluOperator), gate, up, gate);

    /// <summary>x * (1 + erf(x / sqrt 2)) / 2.</summary>
    public static void GeluErf(Span<float> x) => Elementwise.Apply(VectorWidths.Active, default(GeluErfOperator), x, x);

    /// <summary>x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2.</summary>
    public static void GeluTanh(Span<float> x) => Elementwise.Apply(VectorWidths.Active, default(GeluTanhOperator), x, x);

    /// <summary>x * tanh(ln(1 + exp(x))).</summary>
    public static void Mish(Span<float> x) => Elementwise.Apply(VectorWidths.Active, default(MishOperator), x, x);

    /// <summary>x above zero, exp(x) - 1 below.</summary>
    public static void Elu(Span<float> x) => Elementwise.Apply(VectorWidths.Active, default(EluOperator), x, x);

    /// <summary>x above zero, slope * x below.</summary>
    public static void LeakyRelu(Span<float> x, float slope) => Elementwise.Apply(VectorWidths.Active, new LeakyReluOperator(slope), x, x);

    public static void Tanh(Span<float> x) => Elementwise.Apply(VectorWidths.Active, default(TanhOperator), x, x);

    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Apply(VectorWidths.Active, default(ExpOperator), x, y);

    /// <summary>For |x| below 10,000.</summary>
    public static void Sin(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Apply(VectorWidths.Active, default(SinOperator), x, y);

    /// <summary>For |x| below 10,000.</summary>
    public static void Cos(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Apply(VectorWidths.Active, default(CosOperator), x, y);

    /// <summary>x + sin^2(alpha x) / (alpha + 1e-9) per channel; x and y are [rows, channels], alpha [channels]; |alpha x| below 10,000.</summary>
    public static void Snake(ReadOnlySpan<float> x, ReadOnlySpan<float> alpha, Span<float> y) =>
        Kernels.Snake.Apply(VectorWidths.Active, x, alpha, y);
}
