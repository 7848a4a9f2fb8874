namespace CosyVoice.Kernels;

/// <summary>
/// The threads that compute. A loop is divided by index, never along a reduction, so no result depends on
/// the number of threads.
/// </summary>
public sealed class Workers : IDisposable
{
    public Workers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
    }

    /// <summary>How many threads compute, the caller included; at least 1.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="body"/> once for every index in [0, count) and returns when all have finished.</summary>
    public void For(int count, Action<int> body)
    {
        if (Threads == 1 || count <= 1)
        {
            for (var i = 0; i < count; i++)
            {
                body(i);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, body);
    }

    public void Dispose() { }
}
