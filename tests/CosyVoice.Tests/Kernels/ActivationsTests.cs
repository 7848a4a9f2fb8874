using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

/// <summary>Every activation in every width against its scalar form, and the scalar form against doubles.</summary>
public sealed unsafe class ActivationsTests
{
    private static readonly Function[] Functions =
    [
        // Tolerances: absolute, and relative to the result; 6e-8 is half a unit in the last place of 1.
        new("silu", Of<SiluOperator>, static x => x / (1 + Math.Exp(-x)), 3e-37, 3e-7), // below -88.7 e^-x overflows and leaves 0
        new("gelu", Of<GeluErfOperator>, static x => x * (1 + Erf(x / Math.Sqrt(2))) / 2, 6e-7, 3e-7), // 1 + erf cancels below zero
        new("gelu tanh", Of<GeluTanhOperator>, static x => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) / 2, 6e-7, 3e-7),
        new("mish", Of<MishOperator>, static x => x * Math.Tanh(x > 40 ? x : Math.Log(1 + Math.Exp(x))), 1e-9, 3e-7),
        new("elu", Of<EluOperator>, static x => x > 0 ? x : double.ExpM1(x), 0, 2.5e-7),
        new("leaky relu", static (width, x, y) => Elementwise.Apply(width, new LeakyReluOperator(0.1f), x, y), static x => x > 0 ? x : x * 0.1f, 0, 6e-8),
        new("tanh", Of<TanhOperator>, Math.Tanh, 0, 2.5e-7),
        new("exp", Of<ExpOperator>, Math.Exp, 1.5e-45, 1.2e-7), // one unit, subnormal results included
        new("sin", Of<SinOperator>, Math.Sin, 1.5e-7, 0),
        new("cos", Of<CosOperator>, Math.Cos, 1.5e-7, 0),
    ];

    public static IEnumerable<object[]> Cases =>
        from function in Functions from width in VectorWidths.Available select new object[] { function.Name, width };

    public static TheoryData<string> Names => [.. Functions.Select(f => f.Name)];

    public static TheoryData<VectorWidth> Widths => Samples.Widths;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_EveryLength_GivesTheScalarBits(string name, VectorWidth width)
    {
        for (var length = 0; length <= 70; length++)
        {
            var values = Samples.Uniform(length, length, 30);
            using var x = new GuardedFloats(values);
            using var y = new GuardedFloats(length);
            using var expected = new GuardedFloats(length);
            Find(name).Apply(VectorWidth.Scalar, x.Span, expected.Span);
            Find(name).Apply(width, x.Span, y.Span);
            Samples.AssertSameBits(expected.Span, y.Span);
            Find(name).Apply(width, x.Span, x.Span);
            Samples.AssertSameBits(expected.Span, x.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_SpecialValues_GivesTheScalarBits(string name, VectorWidth width)
    {
        float[] x =
        [
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon,
            88.7f, 88.8f, -87.5f, -103.9f, -104.1f, 1e4f, -1e4f, 0.6249999f, 0.625f, 0.99999994f, 1, 4, 20.000002f,
        ];
        var (expected, got) = (new float[x.Length], new float[x.Length]);
        Find(name).Apply(VectorWidth.Scalar, x, expected);
        Find(name).Apply(width, x, got);
        Samples.AssertSameBits(expected, got);
        Assert.True(float.IsNaN(got[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_Scalar_AgreesWithDoubles(string name)
    {
        var f = Find(name);
        var x = new List<float>();
        for (var v = -110f; v < 88; v += 0.0137f)
        {
            x.Add(v);
        }

        for (var v = 1e-6f; v < 10000; v *= 1.003f)
        {
            x.AddRange(name is "sin" or "cos" ? [v, -v] : [Math.Min(v, 88), -v]);
        }

        var got = new float[x.Count];
        f.Apply(VectorWidth.Scalar, x.ToArray(), got);
        Samples.AssertClose(x.Select(v => f.Oracle(v)).ToArray(), got, f.Absolute, f.Relative);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void SiluMultiply_EveryLength_IsSiluTimesTheOther(VectorWidth width)
    {
        for (var length = 0; length <= 40; length++)
        {
            using var gate = new GuardedFloats(Samples.Uniform(length, 1, 5));
            using var up = new GuardedFloats(Samples.Uniform(length, 2));
            var expected = gate.Span.ToArray();
            Elementwise.Apply(VectorWidth.Scalar, default(SiluOperator), expected, expected);
            for (var i = 0; i < length; i++)
            {
                expected[i] *= up.Span[i];
            }

            Elementwise.Apply(width, default(SiluOperator), gate.Span, up.Span, gate.Span);
            Samples.AssertSameBits(expected, gate.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Snake_EveryShape_GivesTheScalarBits(VectorWidth width)
    {
        foreach (var channels in new[] { 1, 3, 15, 16, 17, 64, 513 })
        {
            using var x = new GuardedFloats(Samples.Uniform(3 * channels, 1, 10));
            using var alpha = new GuardedFloats(Samples.Uniform(channels, 2, 4));
            using var y = new GuardedFloats(3 * channels);
            var expected = new float[3 * channels];
            Snake.Apply(VectorWidth.Scalar, x.Span, alpha.Span, expected);
            Snake.Apply(width, x.Span, alpha.Span, y.Span);
            Samples.AssertSameBits(expected, y.Span);
            Snake.Apply(width, x.Span, alpha.Span, x.Span);
            Samples.AssertSameBits(expected, x.Span);
        }
    }

    [Fact]
    public void Snake_Scalar_AgreesWithDoubles()
    {
        var (x, alpha) = (Samples.Uniform(600, 1, 100), Samples.Uniform(6, 2, 9));
        var got = new float[600];
        Snake.Apply(VectorWidth.Scalar, x, alpha, got);
        var expected = x.Select((v, i) =>
        {
            double a = alpha[i % 6];
            return v + (Math.Pow(Math.Sin((float)(a * v)), 2) / (a + 1e-9));
        }).ToArray();

        // sin^2 is off by 2e-7 and divided by alpha, which is at least 0.1 here.
        Samples.AssertClose(expected, got, 2e-6, 1.2e-7);
    }

    [Fact]
    public void Apply_WrongLengths_Throw()
    {
        Assert.Throws<ArgumentException>(() => Activations.SiluMultiply(new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => Activations.Exp(new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => Activations.Snake(new float[5], new float[2], new float[5]));
        Assert.Throws<ArgumentException>(() => Activations.Snake(new float[4], new float[2], new float[3]));
    }

    private static Function Find(string name) => Functions.Single(f => f.Name == name);

    private static void Of<TOperator>(VectorWidth width, ReadOnlySpan<float> x, Span<float> y)
        where TOperator : struct, IUnaryOperator => Elementwise.Apply(width, default(TOperator), x, y);

    /// <summary>erf in double: its series below 3, a continued fraction above.</summary>
    private static double Erf(double x)
    {
        var z = Math.Abs(x);
        if (z > 3)
        {
            var fraction = z;
            for (var n = 60; n > 0; n--)
            {
                fraction = z + (n / 2.0 / fraction);
            }

            return Math.Sign(x) * (1 - (Math.Exp(-z * z) / (fraction * Math.Sqrt(Math.PI))));
        }

        double sum = x, term = x;
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }

    private delegate void Operation(VectorWidth width, ReadOnlySpan<float> x, Span<float> y);

    private sealed record Function(string Name, Operation Apply, Func<double, double> Oracle, double Absolute, double Relative);
}
