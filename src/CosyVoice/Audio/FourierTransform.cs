namespace CosyVoice.Audio;

/// <summary>
/// The discrete Fourier transform of real signals of one length, in double precision, so that quiet bins beside loud ones are right.
/// The length is split into its prime factors (Cooley and Tukey 1965), which are small in every use: 400, 512, 1920.
/// Not for use by several threads at once.
/// </summary>
internal sealed class FourierTransform
{
    private readonly int[] _factors;
    private readonly double[] _cosines; // cos(2 pi i / size)
    private readonly double[] _sines; // -sin(2 pi i / size)
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly double[] _gatheredReal;
    private readonly double[] _gatheredImaginary;

    public FourierTransform(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _factors = Factors(size);
        (_cosines, _sines, _real, _imaginary) = (new double[size], new double[size], new double[size], new double[size]);
        for (var i = 0; i < size; i++)
        {
            (_sines[i], _cosines[i]) = Math.SinCos(-2 * Math.PI * i / size);
        }

        var largest = _factors.Append(1).Max();
        (_gatheredReal, _gatheredImaginary) = (new double[largest], new double[largest]);
    }

    public int Size { get; }

    /// <summary>Squared magnitudes of bins 0 to Size / 2.</summary>
    /// <param name="signal">[Size]</param>
    /// <param name="power">[Size / 2 + 1]</param>
    public void Power(ReadOnlySpan<double> signal, Span<double> power)
    {
        Transform(signal, 0, 1, 0, Size, 0);
        for (var bin = 0; bin < power.Length; bin++)
        {
            power[bin] = (_real[bin] * _real[bin]) + (_imaginary[bin] * _imaginary[bin]);
        }
    }

    /// <summary>The transform of every stride-th element of the signal, into [offset, offset + size).</summary>
    private void Transform(ReadOnlySpan<double> signal, int start, int stride, int offset, int size, int depth)
    {
        if (size == 1)
        {
            (_real[offset], _imaginary[offset]) = (signal[start], 0);
            return;
        }

        var factor = _factors[depth];
        var part = size / factor;
        for (var r = 0; r < factor; r++)
        {
            Transform(signal, start + (r * stride), stride * factor, offset + (r * part), part, depth + 1);
        }

        for (var k = 0; k < part; k++)
        {
            Combine(offset + k, part, factor, k * stride);
        }
    }

    /// <summary>Joins element k of each of the parts; <paramref name="turn"/> is k in steps of the whole circle.</summary>
    private void Combine(int at, int part, int factor, int turn)
    {
        for (var r = 0; r < factor; r++)
        {
            var (real, imaginary) = (_real[at + (r * part)], _imaginary[at + (r * part)]);
            var (cosine, sine) = (_cosines[r * turn], _sines[r * turn]);
            _gatheredReal[r] = (real * cosine) - (imaginary * sine);
            _gatheredImaginary[r] = (real * sine) + (imaginary * cosine);
        }

        var step = Size / factor;
        for (var q = 0; q < factor; q++)
        {
            var (real, imaginary) = (0.0, 0.0);
            for (var r = 0; r < factor; r++)
            {
                var (cosine, sine) = (_cosines[r * q % factor * step], _sines[r * q % factor * step]);
                real += (_gatheredReal[r] * cosine) - (_gatheredImaginary[r] * sine);
                imaginary += (_gatheredReal[r] * sine) + (_gatheredImaginary[r] * cosine);
            }

            (_real[at + (q * part)], _imaginary[at + (q * part)]) = (real, imaginary);
        }
    }

    private static int[] Factors(int size)
    {
        var factors = new List<int>();
        for (var factor = 2; size > 1; factor++)
        {
            for (; size % factor == 0; size /= factor)
            {
                factors.Add(factor);
            }
        }

        return [.. factors];
    }
}
