namespace CosyOrleans.Service.Formats;

/// <summary>
/// Changes the sample rate of sound that comes in pieces: however it is cut, the same samples come out, none late and
/// altogether ceil(samples * to / from). Beyond both ends there is silence. Piece by piece it holds back less than 10 ms.
/// </summary>
public sealed class StreamResampler
{
    private readonly ResamplingFilter? _filter; // Null where the rates are the same.
    private double[] _held; // Samples around the next new one.
    private int _count;
    private int _first; // In _held: the first that the next new sample is made of.
    private int _phase;
    private long _given;
    private long _made;

    /// <param name="from">Samples per second of what is given, 1 or more.</param>
    /// <param name="to">Samples per second of the result, 1 or more.</param>
    public StreamResampler(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 1);
        _filter = from == to ? null : ResamplingFilter.Of(from, to);
        _held = new double[_filter is null ? 0 : 4 * _filter.Taps];
        _count = _filter is null ? 0 : _filter.HalfTaps - 1; // The silence before the beginning.
    }

    /// <summary>The new samples that these complete.</summary>
    public short[] Add(ReadOnlySpan<short> samples)
    {
        if (_filter is null)
        {
            return samples.ToArray();
        }

        _given += samples.Length;
        MakeRoom(samples.Length);
        foreach (var sample in samples)
        {
            _held[_count++] = sample;
        }

        return Make(_filter, long.MaxValue);
    }

    /// <summary>The new samples that are left at the end.</summary>
    public short[] Finish()
    {
        if (_filter is null)
        {
            return [];
        }

        MakeRoom(_filter.Taps);
        _held.AsSpan(_count, _filter.Taps).Clear();
        _count += _filter.Taps;
        return Make(_filter, ((_given * _filter.Phases) + _filter.Step - 1) / _filter.Step);
    }

    private short[] Make(ResamplingFilter filter, long most)
    {
        var made = new List<short>();
        for (; _made < most && _first + filter.Taps <= _count; _made++)
        {
            var value = Math.Round(filter.Apply(_phase, _held.AsSpan(_first, filter.Taps)), MidpointRounding.AwayFromZero);
            made.Add((short)Math.Clamp(value, short.MinValue, short.MaxValue));
            _phase += filter.Step;
            _first += _phase / filter.Phases;
            _phase %= filter.Phases;
        }

        return [.. made];
    }

    private void MakeRoom(int samples)
    {
        var gone = Math.Min(_first, _count);
        _held.AsSpan(gone, _count - gone).CopyTo(_held);
        (_count, _first) = (_count - gone, _first - gone);
        if (_count + samples > _held.Length)
        {
            Array.Resize(ref _held, Math.Max(2 * _held.Length, _count + samples));
        }
    }
}
