using CosyVoice.Kernels;

namespace CosyVoice.Audio;

/// <summary>
/// What the speaker network hears (Kaldi's filter banks): 16 kHz, frames of 25 ms every 10 ms, each without its mean and with its
/// treble raised, 80 filters from 20 Hz, natural logarithm.
/// </summary>
internal static class KaldiFbank
{
    public const int SampleRate = 16_000;
    public const int Bins = 80;

    private const int FrameSize = 400;
    private const int Hop = 160;
    private const int Size = 512;
    private const double PreEmphasis = 0.97;
    private const double LowestFrequency = 20;
    private const double Least = 1.1920928955078125e-7; // torch's epsilon of float32

    public static MelFilters Filters { get; } = MelFilters.Kaldi(SampleRate, Size, Bins, LowestFrequency, SampleRate / 2);

    public static double[] Window { get; } = Windows.Povey(FrameSize);

    /// <param name="samples">At 16 kHz, in [-1, 1]; fewer than 400 make no frame.</param>
    /// <returns>[(samples - 400) / 160 + 1, 80]</returns>
    public static Tensor Compute(ReadOnlySpan<float> samples)
    {
        var fourier = new FourierTransform(Size);
        var (frame, power, bands) = (new double[Size], new double[(Size / 2) + 1], new double[Bins]);
        var features = new Tensor();
        features.Resize(samples.Length < FrameSize ? 0 : ((samples.Length - FrameSize) / Hop) + 1, Bins);
        for (var t = 0; t < features.Rows; t++)
        {
            Prepare(samples.Slice(t * Hop, FrameSize), frame);
            fourier.Power(frame, power);
            Filters.Apply(power, bands);
            var row = features.Row(t);
            for (var band = 0; band < Bins; band++)
            {
                row[band] = (float)Math.Log(Math.Max(bands[band], Least));
            }
        }

        return features;
    }

    /// <summary>Subtracts from every bin its mean over time.</summary>
    public static void SubtractMean(Tensor features)
    {
        var mean = new double[features.Columns];
        for (var t = 0; t < features.Rows; t++)
        {
            var row = features.Row(t);
            for (var bin = 0; bin < mean.Length; bin++)
            {
                mean[bin] += (double)row[bin] / features.Rows;
            }
        }

        for (var t = 0; t < features.Rows; t++)
        {
            var row = features.Row(t);
            for (var bin = 0; bin < mean.Length; bin++)
            {
                row[bin] -= (float)mean[bin];
            }
        }
    }

    /// <summary>One frame without its mean, pre-emphasised and windowed; what follows it stays zero.</summary>
    private static void Prepare(ReadOnlySpan<float> samples, double[] frame)
    {
        var mean = 0.0;
        foreach (var sample in samples)
        {
            mean += sample;
        }

        mean /= FrameSize;
        for (var i = 0; i < FrameSize; i++)
        {
            var before = samples[Math.Max(0, i - 1)] - mean; // the first sample stands before itself
            frame[i] = (samples[i] - mean - (PreEmphasis * before)) * Window[i];
        }
    }
}
