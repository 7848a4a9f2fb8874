using CosyVoice.Audio;

namespace CosyVoice.Enrolment;

/// <summary>
/// Loudness of a recording along time, in frames of 20 ms. The quietest tenth of them is taken for noise; speech is what lies above
/// the middle, in dB, between that and the loudest.
/// </summary>
internal sealed class RecordingLevels
{
    private const int FramesPerSecond = 50;
    private const double NoisyShare = 0.1;
    private const double LoudShare = 0.95;
    private const int FlatSamples = 3;

    // Where 16-bit silence lies, so that digital silence does not make any recording look perfect.
    private const double LeastPower = 1e-9;

    public RecordingLevels(Recording recording)
    {
        var samples = recording.Samples;
        Peak = samples.Max(Math.Abs);
        ClippedShare = (double)Clipped(samples, Peak) / samples.Length;
        var powers = Powers(samples, Math.Max(1, recording.SampleRate / FramesPerSecond));
        var sorted = powers.Order().ToArray();
        var noise = sorted.Take(Math.Max(1, (int)(NoisyShare * sorted.Length))).Average();
        var loud = sorted[(int)(LoudShare * (sorted.Length - 1))];
        var threshold = Math.Sqrt(noise * loud);
        var speech = powers.Where(power => power >= threshold).Average();
        LoudPower = loud;
        SignalToNoise = Math.Max(speech - noise, LeastPower) / noise;
        LeadingSilence = (double)Array.FindIndex(powers, power => power >= threshold) / FramesPerSecond;
        TrailingSilence = (double)(powers.Length - 1 - Array.FindLastIndex(powers, power => power >= threshold)) / FramesPerSecond;
    }

    /// <summary>Of the samples' magnitudes.</summary>
    public double Peak { get; }

    public double ClippedShare { get; }

    /// <summary>Mean square of the loudest frames.</summary>
    public double LoudPower { get; }

    /// <summary>A ratio of powers.</summary>
    public double SignalToNoise { get; }

    public double LeadingSilence { get; }

    public double TrailingSilence { get; }

    private static double[] Powers(float[] samples, int frame)
    {
        var mean = samples.Average(sample => (double)sample); // a constant offset is not heard
        var powers = new double[Math.Max(1, samples.Length / frame)];
        for (var i = 0; i < powers.Length; i++)
        {
            var part = samples.Skip(i * frame).Take(frame);
            powers[i] = Math.Max(LeastPower, part.Average(sample => (sample - mean) * (sample - mean)));
        }

        return powers;
    }

    /// <summary>Samples beyond full scale, and those where three or more stand at the peak: a wave does not stay there by itself.</summary>
    private static int Clipped(float[] samples, double peak)
    {
        const double flat = 0.9999;
        const float fullScale = 1;
        var (clipped, run) = (0, 0);
        for (var i = 0; i <= samples.Length; i++)
        {
            if (i < samples.Length && peak > 0 && Math.Abs(samples[i]) >= flat * peak && (run == 0 || samples[i] * samples[i - 1] > 0))
            {
                run++;
                continue;
            }

            clipped += run >= FlatSamples ? run : 0;
            run = 0;
        }

        return clipped + (peak > fullScale ? samples.Count(sample => Math.Abs(sample) > fullScale && Math.Abs(sample) < flat * peak) : 0);
    }
}
