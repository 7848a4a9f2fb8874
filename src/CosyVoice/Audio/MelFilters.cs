namespace CosyVoice.Audio;

/// <summary>Triangles over the bins of a power or magnitude spectrum, spaced as pitch is heard.</summary>
internal sealed class MelFilters
{
    private readonly int[] _starts; // first bin of each filter that is not zero
    private readonly float[][] _weights;

    private MelFilters(int filters, int bins, Func<int, int, double> weight)
    {
        (_starts, _weights, Bins) = (new int[filters], new float[filters][], bins);
        for (var filter = 0; filter < filters; filter++)
        {
            float[] row = [.. Enumerable.Range(0, bins).Select(bin => (float)Math.Max(0, weight(filter, bin)))];
            var start = Math.Max(0, Array.FindIndex(row, value => value > 0));
            _starts[filter] = start;
            _weights[filter] = row[start..(Array.FindLastIndex(row, value => value > 0) + 1)];
        }
    }

    public int Count => _weights.Length;

    public int Bins { get; }

    /// <summary>
    /// librosa's default: linear in frequency below 1 kHz and logarithmic above (Slaney), triangles linear in frequency, each of the
    /// same area.
    /// </summary>
    public static MelFilters Slaney(int sampleRate, int size, int filters, double lowest, double highest)
    {
        double[] edges = [.. Enumerable.Range(0, filters + 2).Select(i =>
            FromSlaney(ToSlaney(lowest) + (i * (ToSlaney(highest) - ToSlaney(lowest)) / (filters + 1))))];
        return new(filters, (size / 2) + 1, (filter, bin) =>
        {
            var frequency = (double)bin * sampleRate / size;
            var rising = (frequency - edges[filter]) / (edges[filter + 1] - edges[filter]);
            var falling = (edges[filter + 2] - frequency) / (edges[filter + 2] - edges[filter + 1]);
            return Math.Min(rising, falling) * 2 / (edges[filter + 2] - edges[filter]);
        });
    }

    /// <summary>Kaldi's: 1127 ln(1 + f / 700), triangles linear in that, each of height one; the last bin is left out.</summary>
    public static MelFilters Kaldi(int sampleRate, int size, int filters, double lowest, double highest)
    {
        var start = ToKaldi(lowest);
        var step = (ToKaldi(highest) - start) / (filters + 1);
        return new(filters, (size / 2) + 1, (filter, bin) =>
        {
            var position = ((ToKaldi((double)bin * sampleRate / size) - start) / step) - filter;
            return bin == size / 2 ? 0 : Math.Min(position, 2 - position);
        });
    }

    /// <summary>spectrum [Bins] to mel [Count].</summary>
    public void Apply(ReadOnlySpan<double> spectrum, Span<double> mel)
    {
        for (var filter = 0; filter < mel.Length; filter++)
        {
            var sum = 0.0;
            var weights = _weights[filter];
            for (var i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * spectrum[_starts[filter] + i];
            }

            mel[filter] = sum;
        }
    }

    /// <summary>The whole matrix, [Count, Bins].</summary>
    public float[] ToMatrix()
    {
        var matrix = new float[Count * Bins];
        for (var filter = 0; filter < Count; filter++)
        {
            _weights[filter].CopyTo(matrix, (filter * Bins) + _starts[filter]);
        }

        return matrix;
    }

    private static double ToSlaney(double frequency) => frequency < 1000 ? frequency * 3 / 200 : 15 + (27 * Math.Log(frequency / 1000) / Math.Log(6.4));

    private static double FromSlaney(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);

    private static double ToKaldi(double frequency) => 1127 * Math.Log(1 + (frequency / 700));
}
