using System.Diagnostics;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Cli;

/// <summary>How far a batch is: a bar on a terminal, elsewhere a line for each twentieth.</summary>
internal sealed class BatchProgress(TextWriter console, int items, bool lines)
{
    private const int Width = 30;
    private const int Lines = 20;
    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(100);

    private readonly long _begin = Stopwatch.GetTimestamp();
    private int? _before;
    private int _shown;
    private TimeSpan _shownAt = -BetweenBars;

    public void Show(JobCounts counts) => Show(counts.Done, counts.Failed);

    public void Show(int done, int allFailed)
    {
        var ended = done + allFailed;
        _before ??= ended;
        var failed = allFailed > 0 ? $", {allFailed} failed" : "";
        var part = (int)((long)ended * Lines / items);
        if (lines && part > _shown)
        {
            _shown = part;
            console.WriteLine($"{ended} of {items} items{failed}");
        }

        var elapsed = Stopwatch.GetElapsedTime(_begin);
        if (!lines && elapsed - _shownAt >= BetweenBars)
        {
            _shownAt = elapsed;
            var filled = (int)((long)ended * Width / items);
            var rate = (ended - _before.Value) / elapsed.TotalSeconds;
            var left = rate > 0 ? $", {TimeSpan.FromSeconds(Math.Min((items - ended) / rate, 1e6)):d\\.hh\\:mm\\:ss} left" : "";
            console.Write($"\r\u001b[K[{new string('#', filled)}{new string('.', Width - filled)}] {ended} of {items}{failed}{left}");
        }
    }

    public void Clear()
    {
        if (!lines)
        {
            console.Write("\r\u001b[K");
        }
    }
}
