using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>
/// c = a b + bias with every element summed in ascending order of depth by fused multiply-adds, whatever the
/// vector width, the number of rows or the thread: the result of a row depends on that row alone.
/// </summary>
public static unsafe partial class MatMul
{
    private const int CacheWay = 4096 / sizeof(float);
    private const int LineFloats = 64 / sizeof(float);
    private const int BlockRows = 48;

    /// <summary>Panels below which copying the rows costs more than it saves.</summary>
    private const int FewPanels = 3;

    // Each computing thread copies into its own.
    [ThreadStatic]
    private static Tensor? _block;

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
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)a.Taps * a.Piece, b.Depth);
        ArgumentOutOfRangeException.ThrowIfNegative(rowStart);
        if (!bias.IsEmpty && bias.Length != b.Columns)
        {
            throw new ArgumentException($"bias has {bias.Length} elements for {b.Columns} columns.", nameof(bias));
        }

        fixed (float* biasStart = bias)
        {
            var panels = new Panels(b.Panel(0), (long)b.Depth * PanelMatrix.PanelWidth, PanelMatrix.PanelWidth, b.Columns);
            Run(width, a, panels, new Target(c, cStride, biasStart, accumulate), rowStart, rowEnd, panelStart, panelEnd);
        }

        GC.KeepAlive(b);
    }

    /// <summary>
    /// c [rows, b.Columns] = a [rows, depth] times the first <paramref name="depth"/> rows of b: attention to the first keys.
    /// </summary>
    internal static void MultiplyFirst(float* a, long rowStride, PanelMatrix b, int depth, float* c, long cStride, int rows) =>
        Multiply(VectorWidths.Active, new Window(a, rowStride, 1, 0, depth), b, [], c, cStride, 0, rows, 0, b.Panels, false);

    /// <summary>c [rows, columns] = a b with b [depth, columns] read where it is, rows <paramref name="bStride"/> apart.</summary>
    internal static void MultiplyInPlace(
        VectorWidth width, in Window a, float* b, long bStride, int columns, float* c, long cStride, int rows)
    {
        var panels = new Panels(b, PanelMatrix.PanelWidth, bStride, columns);
        var target = new Target(c, cStride, null, false);
        var whole = columns / PanelMatrix.PanelWidth;
        Run(width, a, panels, target, 0, rows, 0, whole);
        if (columns % PanelMatrix.PanelWidth != 0)
        {
            RunScalar(a, panels, target, 0, rows, whole, whole + 1); // The vector forms would read behind b's last row.
        }
    }

    private static void Run(
        VectorWidth width, in Window a, in Panels b, in Target target, int rowStart, int rowEnd, int panelStart, int panelEnd)
    {
        if (width != VectorWidth.Scalar && a.Taps == 1 && a.RowStride % CacheWay == 0 && panelEnd - panelStart >= FewPanels)
        {
            RunAside(width, a, b, target, rowStart, rowEnd, panelStart, panelEnd);
        }
        else if (rowStart < rowEnd)
        {
            RunInPlace(width, a, b, target, rowStart, rowEnd, panelStart, panelEnd);
        }
    }

    /// <summary>
    /// Rows a multiple of 4 kB apart fall into the same set of the first-level cache, which holds fewer lines than a
    /// tile has rows: every factor would come from the second level. A block of rows is copied closer together first.
    /// </summary>
    private static void RunAside(
        VectorWidth width, in Window a, in Panels b, in Target target, int rowStart, int rowEnd, int panelStart, int panelEnd)
    {
        var pitch = a.Piece + LineFloats;
        var block = _block ??= new Tensor();
        block.Resize(BlockRows, pitch);
        for (var start = rowStart; start < rowEnd; start += BlockRows)
        {
            var end = Math.Min(rowEnd, start + BlockRows);
            for (var row = start; row < end; row++)
            {
                new ReadOnlySpan<float>(a.Start + (row * a.RowStride), a.Piece).CopyTo(block.Row(row - start));
            }

            var moved = new Window(block.Pointer - ((long)start * pitch), pitch, 1, 0, a.Piece);
            RunInPlace(width, moved, b, target, start, end, panelStart, panelEnd);
        }
    }

    private static void RunInPlace(
        VectorWidth width, in Window a, in Panels b, in Target target, int rowStart, int rowEnd, int panelStart, int panelEnd)
    {
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

    /// <summary>Where a row's elements lie: <see cref="Taps"/> pieces of <see cref="Piece"/> elements each.</summary>
    internal readonly struct Window(float* start, long rowStride, int taps, long tapStride, int piece)
    {
        public readonly float* Start = start;
        public readonly long RowStride = rowStride;
        public readonly int Taps = taps;
        public readonly long TapStride = tapStride;
        public readonly int Piece = piece;
    }

    /// <summary>Where b's elements lie: panels of 32 columns, whose rows are <see cref="RowStride"/> apart.</summary>
    private readonly struct Panels(float* start, long panelStride, long rowStride, int columns)
    {
        public readonly float* Start = start;
        public readonly long PanelStride = panelStride;
        public readonly long RowStride = rowStride;
        public readonly int Columns = columns;
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
