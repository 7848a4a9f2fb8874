using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed unsafe class PanelMatrixTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 31)]
    [InlineData(7, 8)]
    [InlineData(8, 32)]
    [InlineData(13, 33)]
    [InlineData(9, 70)]
    public void Pack_BothLayouts_HoldTheMatrixAndZeros(int depth, int columns)
    {
        const int Gap = 3;
        var values = Samples.Uniform(depth * columns, depth);
        using var straight = new GuardedFloats(Math.Max(0, (depth * (columns + Gap)) - Gap));
        using var transposed = new GuardedFloats((columns * (depth + Gap)) - Gap);
        for (var k = 0; k < depth; k++)
        {
            for (var n = 0; n < columns; n++)
            {
                straight.Span[(k * (columns + Gap)) + n] = values[(k * columns) + n];
                transposed.Span[(n * (depth + Gap)) + k] = values[(k * columns) + n];
            }
        }

        using var packed = new PanelMatrix();
        packed.Pack(new float[4000], 40, 100, 100); // dirt in memory that is reused
        packed.Pack(straight.Span, depth, columns, columns + Gap);
        Check(packed);
        packed.Pack(Samples.Uniform(4000, 1), 40, 100, 100);
        packed.PackTransposed(transposed.Span, depth, columns, depth + Gap);
        Check(packed);

        void Check(PanelMatrix matrix)
        {
            Assert.Equal((depth, columns), (matrix.Depth, matrix.Columns));
            for (var n = 0; n < matrix.Panels * PanelMatrix.PanelWidth; n++)
            {
                for (var k = 0; k < depth; k++)
                {
                    Assert.Equal(n < columns ? values[(k * columns) + n] : 0, matrix[k, n]);
                }
            }
        }
    }

    [Fact]
    public void Pack_SourceTooShort_Throws()
    {
        using var packed = new PanelMatrix();
        Assert.Throws<ArgumentException>(() => packed.Pack(new float[11], 3, 4, 4));
        Assert.Throws<ArgumentException>(() => packed.PackTransposed(new float[11], 3, 4, 3));
    }
}
