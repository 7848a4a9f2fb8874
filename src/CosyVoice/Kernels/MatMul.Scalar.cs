namespace CosyVoice.Kernels;

/// <content>The specification: what the vector forms compute, bit for bit.</content>
public static unsafe partial class MatMul
{
    private static void RunScalar(in Window a, in Panels b, in Target target, int rowStart, int rowEnd, int panelStart, int panelEnd)
    {
        const int Width = PanelMatrix.PanelWidth;
        var columnEnd = Math.Min(panelEnd * Width, b.Columns);
        for (var i = rowStart; i < rowEnd; i++)
        {
            for (var n = panelStart * Width; n < columnEnd; n++)
            {
                var column = b.Start + (n / Width * b.PanelStride) + (n % Width);
                var sum = 0f;
                for (var tap = 0; tap < a.Taps; tap++)
                {
                    var piece = a.Start + (i * a.RowStride) + (tap * a.TapStride);
                    for (var k = 0; k < a.Piece; k++)
                    {
                        sum = MathF.FusedMultiplyAdd(piece[k], column[((tap * a.Piece) + k) * b.RowStride], sum);
                    }
                }

                var value = target.Bias == null ? sum : sum + target.Bias[n];
                var c = target.C + (i * target.Stride) + n;
                *c = target.Accumulate ? *c + value : value;
            }
        }
    }
}
