namespace CosyVoice.Kernels;

/// <summary>Divides rows over threads in contiguous blocks.</summary>
public static class RowBlocks
{
    /// <summary>
    /// Runs <paramref name="body"/>(start, end) over [0, rows) in blocks of at most <paramref name="blockRows"/> rows, as
    /// many blocks as keep every thread equally busy.
    /// </summary>
    public static void ForRows(this Workers workers, int rows, int blockRows, Action<int, int> body)
    {
        var blocks = (rows + blockRows - 1) / blockRows;
        blocks = Math.Min(rows, (blocks + workers.Threads - 1) / workers.Threads * workers.Threads);
        if (blocks <= 1)
        {
            body(0, rows);
            return;
        }

        workers.For(blocks, block => body((int)((long)rows * block / blocks), (int)((long)rows * (block + 1) / blocks)));
    }
}
