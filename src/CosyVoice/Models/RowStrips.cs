using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Divides rows that do not depend on one another into strips for the threads.</summary>
internal static class RowStrips
{
    /// <summary>
    /// Enough rows to pay for reading a layer's weights from the shared cache, few enough that what a chain of
    /// layers hands on stays in a core's own.
    /// </summary>
    private const int MaxRows = 96;

    /// <summary>Runs body(start, end) for strips that cover [start, end), equally many for every thread.</summary>
    public static void For(Workers workers, int start, int end, Action<int, int> body)
    {
        var rows = end - start;
        var rounds = ((rows - 1) / (MaxRows * workers.Threads)) + 1;
        var strips = Math.Min(rows, rounds * workers.Threads);
        workers.For(strips, strip => body(start + Bound(strip), start + Bound(strip + 1)));

        int Bound(int strip) => (int)((long)rows * strip / strips);
    }
}
