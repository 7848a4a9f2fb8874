using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public unsafe class DepthwiseConvolutionTests
{
    public static TheoryData<VectorWidth> Widths => [.. VectorWidths.Available];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Add_AnyShape_IsThatOfTheDefinition(VectorWidth width)
    {
        foreach (var (rows, channels, taps, before) in new[] { (1, 1, 1, 0), (5, 16, 31, 15), (40, 33, 31, 15), (9, 7, 4, 0), (3, 64, 3, 2) })
        {
            var (x, weight, start) = (Values(rows * 2 * channels, 1), Values(taps * channels, 2), Values(rows * channels, 3));
            var y = start.ToArray();
            fixed (float* xStart = x, yStart = y)
            {
                DepthwiseConvolution.Add(width, xStart, 2 * channels, rows, weight, channels, before, yStart, 0, rows / 2);
                DepthwiseConvolution.Add(width, xStart, 2 * channels, rows, weight, channels, before, yStart, rows / 2, rows);
            }

            for (var t = 0; t < rows; t++)
            {
                for (var c = 0; c < channels; c++)
                {
                    var expected = (double)start[(t * channels) + c];
                    for (var tap = 0; tap < taps; tap++)
                    {
                        var from = t + tap - before;
                        expected += from >= 0 && from < rows ? (double)weight[(tap * channels) + c] * x[(from * 2 * channels) + c] : 0;
                    }

                    Assert.Equal(expected, y[(t * channels) + c], 1e-5);
                }
            }
        }
    }

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
