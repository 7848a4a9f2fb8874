namespace CosyVoice.Kernels;

/// <summary>
/// c = a b + bias with every element summed in ascending order of depth by fused multiply-adds, whatever the
/// vector width, the number of rows or the thread: the result of a row depends on that row alone.
/// </summary>
public static unsafe class MatMul
{
    /// <summary>
    /// Rows [rowStart, rowEnd) of c [rows, b.Columns]. Row i of a consists of <paramref name="taps"/> pieces of
    /// b.Depth / taps elements; piece j starts at a + i * rowStride + j * tapStride (a convolution's window; a
    /// plain matrix has one tap).
    /// </summary>
    /// <param name="bias">[b.Columns], or empty.</param>
    /// <param name="accumulate">Adds to c instead of replacing it (bias is then added too).</param>
    public static void Multiply(
        float* a, long rowStride, int taps, long tapStride, PanelMatrix b, ReadOnlySpan<float> bias,
        float* c, long cStride, int rowStart, int rowEnd, bool accumulate = false)
    {
        var piece = b.Depth / taps;
        for (var i = rowStart; i < rowEnd; i++)
        {
            for (var n = 0; n < b.Columns; n++)
            {
                var sum = 0f;
                for (var j = 0; j < taps; j++)
                {
                    for (var k = 0; k < piece; k++)
                    {
                        sum = MathF.FusedMultiplyAdd(a[(i * rowStride) + (j * tapStride) + k], b.Row((j * piece) + k)[n], sum);
                    }
                }

                var value = (bias.IsEmpty ? 0 : bias[n]) + sum;
                c[(i * cStride) + n] = accumulate ? c[(i * cStride) + n] + value : value;
            }
        }
    }
}
