using CosyVoice.Kernels;

namespace CosyVoice.Layers;

/// <summary>Divides matrix products over threads, by rows and columns of the result.</summary>
internal static unsafe class Products
{
    /// <summary>Multiply-adds below which handing out work costs more than it saves, about two microseconds of one core.</summary>
    private const long SmallestShare = 100_000;

    private const int SharesPerThread = 4;

    /// <summary>Rows of a share are kept so few that they stay in a core's second-level cache while all panels pass.</summary>
    private const int ShareBytes = 512 * 1024;

    private const int RowsPerTile = 12;

    /// <summary>c [rows, b.Columns] = source b + bias, added to c when <paramref name="accumulate"/>.</summary>
    /// <param name="bias">b.Columns elements from <paramref name="biasStart"/>, or empty.</param>
    public static void Multiply(
        Workers workers, RowSource source, PanelMatrix b, float[] bias, int biasStart,
        float* c, long cStride, int rows, bool accumulate = false)
    {
        var (rowsPerShare, panelsPerShare) = Divide(workers.Threads, rows, b, source.RowStride);
        var rowShares = DivideUp(rows, rowsPerShare);
        var panelShares = DivideUp(b.Panels, panelsPerShare);
        if (rowShares * panelShares == 1)
        {
            Share(0);
            return;
        }

        workers.For(rowShares * panelShares, Share);

        void Share(int index)
        {
            var panelStart = index % panelShares * panelsPerShare;
            var rowStart = index / panelShares * rowsPerShare;
            MultiplyShare(
                source, b, bias.Length == 0 ? default : bias.AsSpan(biasStart, b.Columns), c, cStride,
                rowStart, Math.Min(rowStart + rowsPerShare, rows), panelStart, Math.Min(panelStart + panelsPerShare, b.Panels), accumulate);
        }
    }

    private static void MultiplyShare(
        in RowSource source, PanelMatrix b, ReadOnlySpan<float> bias, float* c, long cStride,
        int rowStart, int rowEnd, int panelStart, int panelEnd, bool accumulate)
    {
        Run(source, source.Head, rowStart, Math.Min(rowEnd, source.HeadEnd), bias);
        Run(source, source.Body, Math.Max(rowStart, source.HeadEnd), Math.Min(rowEnd, source.BodyEnd), bias);
        Run(source, source.Tail, Math.Max(rowStart, source.BodyEnd), rowEnd, bias);

        void Run(in RowSource source, float* start, int from, int to, ReadOnlySpan<float> bias)
        {
            if (from < to)
            {
                MatMul.Multiply(
                    start, source.RowStride, source.Taps, source.TapStride, b, bias,
                    c, cStride, from, to, panelStart, panelEnd, accumulate);
            }
        }
    }

    private static (int Rows, int Panels) Divide(int threads, int rows, PanelMatrix b, long rowStride)
    {
        var cost = (long)rows * b.Columns * b.Depth;
        var shares = threads == 1 ? 1 : (int)Math.Clamp(cost / SmallestShare, 1, threads * SharesPerThread);
        var fitting = Math.Max(RowsPerTile, ShareBytes / (sizeof(float) * (int)Math.Clamp(rowStride, 1, ShareBytes)));
        var rowShares = DivideUp(rows, fitting);
        var panelShares = Math.Min(b.Panels, DivideUp(shares, Math.Max(1, rowShares)));
        var panels = DivideUp(b.Panels, Math.Max(1, panelShares));
        rowShares = Math.Max(rowShares, DivideUp(shares, Math.Max(1, panelShares)));
        return (Math.Max(RowsPerTile, DivideUp(DivideUp(rows, Math.Max(1, rowShares)), RowsPerTile) * RowsPerTile), Math.Max(1, panels));
    }

    private static int DivideUp(int a, int b) => (a + b - 1) / b;
}
