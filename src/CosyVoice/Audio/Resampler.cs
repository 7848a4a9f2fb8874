namespace CosyVoice.Audio;

/// <summary>
/// Changes the sample rate as torchaudio does: each new sample is a sum over the old ones around it, weighted by a sinc that a Hann
/// window ends after six zero crossings, with its cut-off at 0.99 of the lower of the two half rates. Rates are divided by
/// their greatest common divisor, so that a few sets of weights ("phases") repeat.
/// </summary>
public sealed class Resampler
{
    private const int ZeroCrossings = 6;
    private const double RollOff = 0.99;

    private readonly int _from;
    private readonly int _to;
    private readonly int _taps;
    private readonly int[] _starts; // [to], where a phase's weights begin, relative to its group of old samples
    private readonly float[] _weights; // [to, taps]

    /// <param name="from">Samples per second of what is given, 1 or more.</param>
    /// <param name="to">Samples per second of the result, 1 or more.</param>
    public Resampler(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 1);
        var divisor = GreatestCommonDivisor(from, to);
        (_from, _to) = (from / divisor, to / divisor);
        if (_from == _to)
        {
            (_starts, _weights) = ([], []);
            return;
        }

        var cutOff = Math.Min(_from, _to) * RollOff;
        var reach = ZeroCrossings * _from / cutOff; // old samples to either side
        _taps = (2 * (int)Math.Ceiling(reach)) + 1;
        _starts = new int[_to];
        _weights = new float[checked(_to * _taps)];
        for (var phase = 0; phase < _to; phase++)
        {
            var centre = (double)phase * _from / _to;
            _starts[phase] = (int)Math.Ceiling(centre - reach);
            for (var tap = 0; tap < _taps; tap++)
            {
                _weights[(phase * _taps) + tap] = (float)Weight((_starts[phase] + tap - centre) * cutOff / _from, cutOff / _from);
            }
        }
    }

    /// <summary>ceil(samples * to / from) samples; beyond both ends there is silence.</summary>
    public float[] Resample(ReadOnlySpan<float> samples)
    {
        if (_from == _to)
        {
            return samples.ToArray();
        }

        var result = new float[checked((int)((((long)samples.Length * _to) + _from - 1) / _from))];
        for (var i = 0; i < result.Length; i++)
        {
            var phase = i % _to;
            var start = ((long)(i / _to) * _from) + _starts[phase];
            var first = (int)Math.Max(0, -start);
            var last = (int)Math.Min(_taps, samples.Length - start);
            var sum = 0.0;
            for (var tap = first; tap < last; tap++)
            {
                sum += (double)_weights[(phase * _taps) + tap] * samples[(int)(start + tap)];
            }

            result[i] = (float)sum;
        }

        return result;
    }

    /// <summary>The windowed sinc at a distance in zero crossings.</summary>
    private static double Weight(double distance, double scale)
    {
        if (Math.Abs(distance) >= ZeroCrossings)
        {
            return 0;
        }

        var window = Math.Cos(distance * Math.PI / ZeroCrossings / 2);
        var angle = distance * Math.PI;
        return scale * window * window * (angle == 0 ? 1 : Math.Sin(angle) / angle);
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
