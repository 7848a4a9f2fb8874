using CosyVoice.Kernels;

namespace CosyVoice.Audio;

/// <summary>
/// The mel that the flow continues and the vocoder speaks: 24 kHz, windows of 80 ms every 20 ms, 80 Slaney filters over magnitudes,
/// natural logarithm. CosyVoice 2 hears up to 8 kHz, CosyVoice 3 up to 12 kHz.
/// </summary>
internal sealed class FlowMel(double highestFrequency)
{
    public const int SampleRate = 24_000;
    public const int Bins = 80;

    /// <summary>The fewest samples that it can be computed of.</summary>
    public const int LeastSamples = Edge + 1;

    private const int Size = 1920;
    private const int Hop = 480;
    private const int Edge = (Size - Hop) / 2;

    public static FlowMel CosyVoice2 { get; } = new(8000);

    public static FlowMel CosyVoice3 { get; } = new(SampleRate / 2);

    public MelFilters Filters { get; } = MelFilters.Slaney(SampleRate, Size, Bins, 0, highestFrequency);

    /// <param name="samples">At 24 kHz.</param>
    /// <returns>[samples / 480, 80]</returns>
    public Tensor Compute(ReadOnlySpan<float> samples)
    {
        var padded = Windows.Reflect(samples, Edge);
        var (fourier, window) = (new FourierTransform(Size), Windows.PeriodicHann(Size));
        var (frame, spectrum, bands) = (new double[Size], new double[(Size / 2) + 1], new double[Bins]);
        var mel = new Tensor();
        mel.Resize(samples.Length / Hop, Bins);
        for (var t = 0; t < mel.Rows; t++)
        {
            for (var i = 0; i < Size; i++)
            {
                frame[i] = window[i] * padded[(t * Hop) + i];
            }

            fourier.Power(frame, spectrum);
            foreach (ref var value in spectrum.AsSpan())
            {
                value = Math.Sqrt(value + 1e-9);
            }

            Filters.Apply(spectrum, bands);
            var row = mel.Row(t);
            for (var band = 0; band < Bins; band++)
            {
                row[band] = (float)Math.Log(Math.Max(bands[band], 1e-5));
            }
        }

        return mel;
    }
}
