using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed unsafe class DotProductsTests
{
    public static TheoryData<VectorWidth> Widths => Samples.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_EveryDepth_GivesTheScalarBits(VectorWidth width)
    {
        for (var depth = 0; depth <= 100; depth++)
        {
            Compare(width, rows: 3, depth, columns: 5, bias: depth % 2 == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_EveryTileShape_GivesTheScalarBits(VectorWidth width)
    {
        for (var rows = 0; rows <= 14; rows++)
        {
            foreach (var columns in new[] { 1, 2, 3, 4, 7, 8, 33 })
            {
                Compare(width, rows, 37, columns, bias: rows % 2 == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_SpecialValues_GivesTheScalarBits(VectorWidth width)
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.MaxValue, float.Epsilon, 1];
        foreach (var value in special)
        {
            var x = Samples.Uniform(2 * 21, 1);
            x[3] = value;
            x[21 + 19] = value;
            var w = Samples.Uniform(6 * 21, 2);
            Samples.AssertSameBits(Product(VectorWidth.Scalar, x, 2, w, 21, 6, []), Product(width, x, 2, w, 21, 6, []));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_OneRowOrMany_GivesTheSameBits(VectorWidth width)
    {
        const int Rows = 29, Depth = 6000, Columns = 9; // deep enough for several blocks of rows
        var (x, w) = (Samples.Uniform(Rows * Depth, 1), Samples.Uniform(Columns * Depth, 2));
        var together = Product(width, x, Rows, w, Depth, Columns, []);
        for (var row = 0; row < Rows; row++)
        {
            var alone = Product(width, x.AsSpan(row * Depth, Depth).ToArray(), 1, w, Depth, Columns, []);
            Samples.AssertSameBits(together.AsSpan(row * Columns, Columns), alone);
        }
    }

    [Fact]
    public void Multiply_Scalar_AgreesWithDoubles()
    {
        const int Rows = 3, Depth = 301, Columns = 7;
        var (x, w, bias) = (Samples.Uniform(Rows * Depth, 1), Samples.Uniform(Columns * Depth, 2), Samples.Uniform(Columns, 3));
        var expected = new double[Rows * Columns];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = bias[i % Columns];
            for (var k = 0; k < Depth; k++)
            {
                expected[i] += (double)x[(i / Columns * Depth) + k] * w[(i % Columns * Depth) + k];
            }
        }

        // 19 roundings in each lane and four when they are added, of sums below 10.
        Samples.AssertClose(expected, Product(VectorWidth.Scalar, x, Rows, w, Depth, Columns, bias), 23 * 5e-7, 0);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_PartOfTheColumns_LeavesTheOthers(VectorWidth width)
    {
        var (x, w) = (Samples.Uniform(16, 1), Samples.Uniform(16 * 10, 2));
        var whole = Product(width, x, 1, w, 16, 10, []);
        var part = new float[10];
        fixed (float* xStart = x, wStart = w, c = part)
        {
            DotProducts.Multiply(width, xStart, 16, 1, wStart, 16, 16, [], c, 10, 3, 9);
        }

        Samples.AssertSameBits(whole.AsSpan(3, 6), part.AsSpan(3, 6));
        Assert.Equal([0, 0, 0, 0], new[] { part[0], part[1], part[2], part[9] });
    }

    private static void Compare(VectorWidth width, int rows, int depth, int columns, bool bias)
    {
        var (x, w) = (Samples.Uniform(rows * depth, rows + depth), Samples.Uniform(columns * depth, columns));
        var biases = bias ? Samples.Uniform(columns, 3) : [];
        Samples.AssertSameBits(
            Product(VectorWidth.Scalar, x, rows, w, depth, columns, biases), Product(width, x, rows, w, depth, columns, biases));
    }

    private static float[] Product(VectorWidth width, float[] x, int rows, float[] w, int depth, int columns, float[] bias)
    {
        using var xGuarded = new GuardedFloats(x);
        using var wGuarded = new GuardedFloats(w);
        using var biasGuarded = new GuardedFloats(bias);
        using var c = new GuardedFloats(rows * columns);
        DotProducts.Multiply(width, xGuarded.Pointer, depth, rows, wGuarded.Pointer, depth, depth, biasGuarded.Span, c.Pointer, columns, 0, columns);
        return c.Span.ToArray();
    }
}
