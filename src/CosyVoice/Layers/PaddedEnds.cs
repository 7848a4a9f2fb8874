using CosyVoice.Kernels;

namespace CosyVoice.Layers;

/// <summary>
/// The input of a convolution with zeros before and after it, without copying the input: only the windows that
/// hang over an end are copied, together with the zeros they see.
/// </summary>
internal static unsafe class PaddedEnds
{
    // One buffer for each calling thread, not for each layer: a layer may be used by several callers.
    [ThreadStatic]
    private static Tensor? _ends;

    /// <summary>
    /// Windows of <paramref name="taps"/> rows of x, <paramref name="dilation"/> apart, window i beginning at row
    /// i * <paramref name="stride"/> - <paramref name="padLeft"/>. Valid until the calling thread's next call.
    /// </summary>
    public static RowSource Windows(Tensor x, int windows, int taps, int stride, int dilation, int padLeft)
    {
        var reach = (taps - 1) * dilation;
        var headEnd = Math.Clamp(DivideUp(padLeft, stride), 0, windows);
        var last = x.Rows - 1 - reach + padLeft; // the last window inside begins here, counted from the padding's start
        var bodyEnd = last < 0 ? headEnd : Math.Clamp((last / stride) + 1, headEnd, windows);

        var headRows = headEnd == 0 ? 0 : ((headEnd - 1) * stride) + reach + 1;
        var tailStart = bodyEnd * stride;
        var tailRows = bodyEnd == windows ? 0 : ((windows - 1 - bodyEnd) * stride) + reach + 1;
        var ends = _ends ??= new Tensor();
        ends.Resize(headRows + tailRows, x.Columns);
        CopyRows(x, -padLeft, ends, 0, headRows);
        CopyRows(x, tailStart - padLeft, ends, headRows, tailRows);
        return new()
        {
            RowStride = (long)stride * x.Columns,
            Taps = taps,
            TapStride = (long)dilation * x.Columns,
            Head = ends.Pointer,
            HeadEnd = headEnd,
            Body = x.Pointer - ((long)padLeft * x.Columns),
            BodyEnd = bodyEnd,
            Tail = ends.Pointer + ((long)(headRows - tailStart) * x.Columns),
        };
    }

    /// <summary>Rows [from, from + count) of x, zero where x has none.</summary>
    private static void CopyRows(Tensor x, int from, Tensor target, int at, int count)
    {
        var start = Math.Clamp(from, 0, x.Rows);
        var end = Math.Clamp(from + count, start, x.Rows);
        var rows = target.RowRange(at, count);
        var before = Math.Min(count, Math.Max(0, start - from)) * x.Columns;
        var inside = x.RowRange(start, end - start);
        rows[..before].Clear();
        inside.CopyTo(rows[before..]);
        rows[(before + inside.Length)..].Clear();
    }

    private static int DivideUp(int a, int b) => (a + b - 1) / b;
}
