namespace CosyVoice.Tests.Seams;

/// <summary>
/// What a listener may notice where one segment of a speech ends and the next begins. All from the samples alone; mono, at least
/// 8,000 a second.
/// </summary>
internal sealed class SpeechSeam
{
    private const double EdgeSeconds = 0.020;
    private const double AroundSeconds = 0.1;
    private const double FrameSeconds = 0.020;
    private const double VoicedRangeDecibels = 25;

    // The least jump that counts, -60 dB of full scale: nobody hears a smaller one, however still it is around it.
    private const double LeastJump = 1e-3;

    /// <param name="before">The whole segment before the seam.</param>
    /// <param name="after">The whole segment behind it.</param>
    public SpeechSeam(ReadOnlySpan<float> before, ReadOnlySpan<float> after, int sampleRate)
    {
        var around = (int)(AroundSeconds * sampleRate);
        float[] joined = [.. before[^Math.Min(before.Length, around)..], .. after[..Math.Min(after.Length, around)]];
        var seam = Math.Min(before.Length, around);
        ClickDecibels = Click(joined, seam, sampleRate);
        var (left, right) = (VoicedLevel(before, sampleRate), VoicedLevel(after, sampleRate));
        LevelJumpDecibels = right - left;
        var edge = (int)(EdgeSeconds * sampleRate);
        TailDecibels = Decibels(Power(before[^Math.Min(edge, before.Length)..])) - left;
        HeadDecibels = Decibels(Power(after[..Math.Min(edge, after.Length)])) - right;
    }

    /// <summary>
    /// How much the curvature of the wave at the seam, where all frequencies are excited at once, stands out of the largest within
    /// 100 ms at either side, in dB; above 0 it is the sharpest thing there. A click stands far out of a pause.
    /// </summary>
    public double ClickDecibels { get; }

    /// <summary>Loudness of the voiced parts behind the seam over that before it, in dB.</summary>
    public double LevelJumpDecibels { get; }

    /// <summary>The last 20 ms before the seam over the voiced parts of their segment, in dB: near 0, a word was cut off.</summary>
    public double TailDecibels { get; }

    /// <summary>The first 20 ms behind the seam over the voiced parts of their segment, in dB.</summary>
    public double HeadDecibels { get; }

    /// <summary>Mean power, in dB of full scale, of the frames of 20 ms that lie at most 25 dB below the loud ones.</summary>
    public static double VoicedLevel(ReadOnlySpan<float> samples, int sampleRate)
    {
        var frame = (int)(FrameSeconds * sampleRate);
        List<double> powers = [];
        for (var i = 0; i + frame <= samples.Length; i += frame)
        {
            powers.Add(Power(samples.Slice(i, frame)));
        }

        var loud = powers.Order().ElementAt((int)(0.95 * (powers.Count - 1)));
        var threshold = loud * Math.Pow(10, -VoicedRangeDecibels / 10);
        return Decibels(powers.Where(power => power >= threshold).Average());
    }

    private static double Click(float[] samples, int seam, int sampleRate)
    {
        const int reach = 2; // A jump between two samples bends the wave at both.
        var guard = sampleRate / 1000;
        var (at, other) = (0.0, 0.0);
        for (var i = 1; i < samples.Length - 1; i++)
        {
            var bend = Math.Abs(samples[i - 1] - (2 * samples[i]) + samples[i + 1]);
            if (Math.Abs(i - seam) <= reach)
            {
                at = Math.Max(at, bend);
            }
            else if (Math.Abs(i - seam) > guard)
            {
                other = Math.Max(other, bend);
            }
        }

        return 20 * Math.Log10(Math.Max(at, LeastJump) / Math.Max(other, LeastJump));
    }

    private static double Power(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += sample * sample;
        }

        return sum / Math.Max(1, samples.Length);
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-10));
}
