using System.Collections.Concurrent;

namespace CosyOrleans.Service.Formats;

/// <summary>
/// The weights with which samples of one rate are made from those of another: a sinc, ended by a Kaiser window. It lets
/// through what is below 0.9 of the lower of the two half rates and nothing above it (-90 dB), so that nothing folds back.
/// Rates are divided by their greatest common divisor, so that a few sets of weights ("phases") repeat.
/// </summary>
internal sealed class ResamplingFilter
{
    private const double Attenuation = 90; // dB
    private const double CutOff = 0.95; // Of the lower half rate: the middle between 0.9 and 1.
    private const int Reach = 60; // Samples of the lower rate to either side, what such a fall over 0.1 of the half rate takes.

    // Of few pairs of rates: those that models have with those that can be asked for.
    private static readonly ConcurrentDictionary<(int From, int To), ResamplingFilter> Known = new();

    private readonly double[] _weights; // [phases, taps]

    private ResamplingFilter(int from, int to)
    {
        var divisor = GreatestCommonDivisor(from, to);
        (Step, Phases) = (from / divisor, to / divisor);
        var scale = Math.Min(1, (double)to / from); // The lower rate, in samples of the given one.
        HalfTaps = ((int)Math.Ceiling(Reach / scale) + 1) / 2 * 2; // Even, so that the number of taps is a multiple of four.
        _weights = new double[Phases * Taps];
        for (var phase = 0; phase < Phases; phase++)
        {
            Fill(_weights.AsSpan(phase * Taps, Taps), (double)phase / Phases, scale);
        }
    }

    /// <summary>How far the place of a new sample moves, in parts of <see cref="Phases"/> of an old sample.</summary>
    public int Step { get; }

    public int Phases { get; }

    /// <summary>Old samples to either side of a new one.</summary>
    public int HalfTaps { get; }

    public int Taps => 2 * HalfTaps;

    public static ResamplingFilter Of(int from, int to) => Known.GetOrAdd((from, to), rates => new ResamplingFilter(rates.From, rates.To));

    /// <summary>A new sample. Always summed in the same order, whatever the machine, so that it has the same bits everywhere.</summary>
    /// <param name="phase">Its place after the middle one of the old samples, in parts of <see cref="Phases"/>.</param>
    /// <param name="samples">[taps], the middle one being that at <see cref="HalfTaps"/> - 1.</param>
    public double Apply(int phase, ReadOnlySpan<double> samples)
    {
        var weights = _weights.AsSpan(phase * Taps, Taps);
        samples = samples[..weights.Length];
        double a = 0, b = 0, c = 0, d = 0;
        for (var i = 0; i < weights.Length; i += 4)
        {
            a += weights[i] * samples[i];
            b += weights[i + 1] * samples[i + 1];
            c += weights[i + 2] * samples[i + 2];
            d += weights[i + 3] * samples[i + 3];
        }

        return (a + b) + (c + d);
    }

    private void Fill(Span<double> weights, double place, double scale)
    {
        var beta = 0.1102 * (Attenuation - 8.7); // Kaiser's rule.
        var sum = 0.0;
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var distance = tap - (HalfTaps - 1) - place;
            var within = distance / HalfTaps;
            var window = Math.Abs(within) >= 1 ? 0 : Bessel(beta * Math.Sqrt(1 - (within * within))) / Bessel(beta);
            weights[tap] = window * Sinc(distance * scale * CutOff);
            sum += weights[tap];
        }

        for (var tap = 0; tap < weights.Length; tap++)
        {
            weights[tap] /= sum; // What does not change stays exactly as it is.
        }
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>The modified Bessel function of the first kind and order zero, by its series.</summary>
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= x / 2 / k * (x / 2 / k);
            sum += term;
        }

        return sum;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
