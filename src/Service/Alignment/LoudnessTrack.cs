namespace CosyOrleans.Service.Alignment;

/// <summary>How loud a speech is, in windows of 10 ms.</summary>
/// <param name="sampleRate">Samples per second.</param>
internal sealed class LoudnessTrack(int sampleRate)
{
    private const int WindowsPerSecond = 100;

    // Below the loudest tenth of a segment by so much (25 dB) is a pause.
    private const double PauseShare = 0.056;
    private const double LoudQuantile = 0.9;

    private readonly int _window = sampleRate / WindowsPerSecond;
    private readonly List<float> _levels = []; // Root mean squares.
    private long _forgotten; // Windows.
    private double _energy;
    private int _filled;

    public int SampleRate { get; } = sampleRate;

    public void Add(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            _energy += (double)sample * sample;
            if (++_filled == _window)
            {
                _levels.Add((float)Math.Sqrt(_energy / _window));
                (_energy, _filled) = (0, 0);
            }
        }
    }

    public void ForgetBefore(long sample)
    {
        var windows = (int)Math.Clamp((sample / _window) - _forgotten, 0, _levels.Count);
        _levels.RemoveRange(0, windows);
        _forgotten += windows;
    }

    /// <summary>
    /// The sounding parts of a stretch, as samples: [begin, end) in order. The whole of it where nothing sounds, or all.
    /// </summary>
    public IReadOnlyList<(long Begin, long End)> Sounding(long begin, long end)
    {
        var first = (int)Math.Clamp((begin / _window) - _forgotten, 0, _levels.Count);
        var last = (int)Math.Clamp(((end + _window - 1) / _window) - _forgotten, first, _levels.Count);
        var levels = _levels.GetRange(first, last - first);
        if (levels.Count == 0)
        {
            return [(begin, end)];
        }

        var limit = PauseShare * levels.Order().ElementAt((int)(LoudQuantile * (levels.Count - 1)));
        List<(long Begin, long End)> parts = [];
        for (var i = 0; i < levels.Count; i++)
        {
            if (levels[i] <= limit)
            {
                continue;
            }

            var from = Math.Max(begin, (first + i + _forgotten) * _window);
            var to = Math.Min(end, from + _window);
            if (parts.Count > 0 && parts[^1].End >= from)
            {
                parts[^1] = (parts[^1].Begin, to);
            }
            else if (to > from)
            {
                parts.Add((from, to));
            }
        }

        return parts.Count > 0 ? parts : [(begin, end)];
    }
}
