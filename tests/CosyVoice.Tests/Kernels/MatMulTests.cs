using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed unsafe class MatMulTests
{
    public static TheoryData<VectorWidth> Widths => Samples.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_EveryTileShape_GivesTheScalarBits(VectorWidth width)
    {
        foreach (var rows in new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 19, 23, 24, 25, 31 })
        {
            foreach (var columns in new[] { 1, 7, 16, 31, 32, 33, 63, 64, 80 })
            {
                foreach (var depth in new[] { 0, 1, 2, 17 })
                {
                    Compare(width, rows, columns, taps: 1, depth, bias: rows % 2 == 0, accumulate: columns % 2 == 0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_OverlappingTaps_GivesTheScalarBits(VectorWidth width)
    {
        foreach (var taps in new[] { 2, 3, 7 })
        {
            Compare(width, 29, 48, taps, 5, bias: true, accumulate: false);
            Compare(width, 29, 48, taps, 5, bias: false, accumulate: true);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_RowsPagesApart_GivesTheScalarBits(VectorWidth width)
    {
        foreach (var rows in new[] { 5, 49, 100 }) // less than, one more than, and several copied blocks
        {
            Compare(width, rows, 100, taps: 1, 1024, bias: true, accumulate: true);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_SpecialValues_GivesTheScalarBits(VectorWidth width)
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.MaxValue, float.Epsilon, 1];
        var a = Enumerable.Range(0, 14 * 9).Select(i => i % 3 == 0 ? special[i / 3 % special.Length] : i).ToArray();
        using var b = Packed(Samples.Uniform(9 * 40, 5), 9, 40);
        Samples.AssertSameBits(Product(VectorWidth.Scalar, a, 14, 1, 9, b, [], null), Product(width, a, 14, 1, 9, b, [], null));
    }

    [Fact]
    public void Multiply_Scalar_AgreesWithDoubles()
    {
        const int Rows = 13, Depth = 300, Columns = 35;
        var (a, b, bias) = (Samples.Uniform(Rows * Depth, 1), Samples.Uniform(Depth * Columns, 2), Samples.Uniform(Columns, 3));
        var expected = new double[Rows * Columns];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = bias[i % Columns];
            for (var k = 0; k < Depth; k++)
            {
                expected[i] += (double)a[(i / Columns * Depth) + k] * b[(k * Columns) + (i % Columns)];
            }
        }

        using var packed = Packed(b, Depth, Columns);
        var got = Product(VectorWidth.Scalar, a, Rows, 1, Depth, packed, bias, null);

        // 300 roundings of sums of magnitude about 10, half a unit in the last place each.
        Samples.AssertClose(expected, got, 300 * 5e-7, 0);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiply_AnyPartition_GivesTheSameBits(VectorWidth width)
    {
        const int Rows = 41, Depth = 33, Columns = 100;
        var a = Samples.Uniform(Rows * Depth, 7);
        using var b = Packed(Samples.Uniform(Depth * Columns, 8), Depth, Columns);
        var whole = Product(width, a, Rows, 1, Depth, b, [], null);
        var pieces = new float[Rows * Columns];
        fixed (float* aStart = a, c = pieces)
        {
            foreach (var (from, to) in new[] { (0, 1), (1, 14), (14, 39), (39, 41) })
            {
                var window = new MatMul.Window(aStart, Depth, 1, 0, Depth);
                MatMul.Multiply(width, window, b, [], c, Columns, from, to, 0, 3, false);
                MatMul.Multiply(width, window, b, [], c, Columns, from, to, 3, 4, false);
            }
        }

        Samples.AssertSameBits(whole, pieces);
    }

    [Fact]
    public void MultiplyFirst_PartOfTheDepth_IsTheProductWithTheShorterMatrix()
    {
        const int Rows = 7, Columns = 40;
        var (a, values) = (Samples.Uniform(Rows * 9, 1), Samples.Uniform(9 * Columns, 2));
        using var whole = Packed(values, 9, Columns);
        using var part = Packed(values, 5, Columns);
        var (expected, got) = (new float[Rows * Columns], new float[Rows * Columns]);
        fixed (float* aStart = a, expectedStart = expected, gotStart = got)
        {
            MatMul.Multiply(aStart, 9, 1, 0, part, [], expectedStart, Columns, 0, Rows);
            MatMul.MultiplyFirst(aStart, 9, whole, 5, gotStart, Columns, Rows);
        }

        Samples.AssertSameBits(expected, got);
    }

    [Theory]
    [InlineData(1, 3)] // 4 is no multiple of 3
    [InlineData(2, 1)] // bias of 2 for 5 columns
    public void Multiply_WrongShapes_Throws(int biasLength, int taps)
    {
        using var b = Packed(new float[20], 4, 5);
        var (a, c, bias) = (new float[4], new float[5], new float[biasLength]);
        Assert.Throws<ArgumentException>(() =>
        {
            fixed (float* aStart = a, cStart = c)
            {
                MatMul.Multiply(aStart, 4, taps, 1, b, bias, cStart, 5, 0, 1);
            }
        });
    }

    private static void Compare(VectorWidth width, int rows, int columns, int taps, int piece, bool bias, bool accumulate)
    {
        var a = Samples.Uniform((rows + taps) * piece, rows + (100 * columns));
        using var b = Packed(Samples.Uniform(taps * piece * columns, columns), taps * piece, columns);
        var biases = bias ? Samples.Uniform(columns, 3) : [];
        var initial = accumulate ? Samples.Uniform(rows * columns, 4) : null;
        Samples.AssertSameBits(
            Product(VectorWidth.Scalar, a, rows, taps, piece, b, biases, initial),
            Product(width, a, rows, taps, piece, b, biases, initial));
    }

    /// <summary>Rows of a are pieces of [taps * piece], each beginning one piece after the one before.</summary>
    private static float[] Product(
        VectorWidth width, float[] a, int rows, int taps, int piece, PanelMatrix b, float[] bias, float[]? initial)
    {
        var used = rows == 0 ? 0 : (rows + taps - 1) * piece;
        using var aGuarded = new GuardedFloats(a.AsSpan(0, used));
        using var biasGuarded = new GuardedFloats(bias);
        using var c = new GuardedFloats(initial ?? new float[rows * b.Columns]);
        var window = new MatMul.Window(aGuarded.Pointer, piece, taps, piece, piece);
        MatMul.Multiply(width, window, b, biasGuarded.Span, c.Pointer, b.Columns, 0, rows, 0, b.Panels, initial != null);
        return c.Span.ToArray();
    }

    private static PanelMatrix Packed(float[] b, int depth, int columns)
    {
        var packed = new PanelMatrix();
        packed.Pack(b, depth, columns, columns);
        return packed;
    }
}
