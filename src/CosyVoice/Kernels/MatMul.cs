using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>
/// c = a b + bias with every element summed in ascending order of depth by fused multiply-adds, whatever the
/// vector width, the number of rows or the thread: the result of a row depends on that row alone.
/// </summary>
public static unsafe partial class MatMul
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
        float* c, long cStride, int rowStart, int rowEnd, bool accumulate = false) =>
        Multiply(a, rowStride, taps, tapStride, b, bias, c, cStride, rowStart, rowEnd, 0, b.Panels, accumulate);

    /// <summary>The same for the columns of panels [panelStart, panelEnd) only.</summary>
    public static void Multiply(
        float* a, long rowStride, int taps, long tapStride, PanelMatrix b, ReadOnlySpan<float> bias,
        float* c, long cStride, int rowStart, int rowEnd, int panelStart, int panelEnd, bool accumulate = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(taps, 1);
        if (b.Depth % taps != 0)
        {
            throw new ArgumentException($"A depth of {b.Depth} cannot be divided into {taps} taps.", nameof(taps));
        }

        Multiply(
            VectorWidths.Active, new Window(a, rowStride, taps, tapStride, b.Depth / taps), b, bias,
            c, cStride, rowStart, rowEnd, panelStart, panelEnd, accumulate);
    }

    /// <summary>The same in a given width, for a depth of which b may hold more.</summary>
    internal static void Multiply(
        VectorWidth width, in Window a, PanelMatrix b, ReadOnlySpan<float> bias,
        float* c, long cStride, int rowStart, int rowEnd, int panelStart, int panelEnd, bool accumulate)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)panelEnd, (uint)b.Panels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)panelStart, (uint)panelEnd);
        ArgumentOutOfRangeException.ThrowIfNegative(rowStart);
        if (!bias.IsEmpty && bias.Length != b.Columns)
        {
            throw new ArgumentException($"bias has {bias.Length} elements for {b.Columns} columns.", nameof(bias));
        }

        if (rowEnd <= rowStart)
        {
            return;
        }

        fixed (float* biasStart = bias)
        {
            var target = new Target(c, cStride, biasStart, accumulate);
            switch (width)
            {
                case VectorWidth.Vector512:
                    Run<Lanes16, Tiles32Registers>(a, b, target, rowStart, rowEnd, panelStart, panelEnd);
                    break;
                case VectorWidth.Vector256:
                    Run<Lanes8, Tiles16Registers>(a, b, target, rowStart, rowEnd, panelStart, panelEnd);
                    break;
                case VectorWidth.Vector128:
                    Run<Lanes4, Tiles16Registers>(a, b, target, rowStart, rowEnd, panelStart, panelEnd);
                    break;
                default:
                    RunScalar(a, b, target, rowStart, rowEnd, panelStart, panelEnd);
                    break;
            }
        }
    }

    /// <summary>Where a row's elements lie: <see cref="Taps"/> pieces of <see cref="Piece"/> elements each.</summary>
    internal readonly struct Window(float* start, long rowStride, int taps, long tapStride, int piece)
    {
        public readonly float* Start = start;
        public readonly long RowStride = rowStride;
        public readonly int Taps = taps;
        public readonly long TapStride = tapStride;
        public readonly int Piece = piece;
    }

    /// <summary>Where the result goes, and what is added to it.</summary>
    private readonly struct Target(float* c, long stride, float* bias, bool accumulate)
    {
        public readonly float* C = c;
        public readonly long Stride = stride;
        public readonly float* Bias = bias; // null: none
        public readonly bool Accumulate = accumulate;
    }
}
