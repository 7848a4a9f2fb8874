using CosyVoice.Kernels;

namespace CosyVoice.Audio;

/// <summary>
/// What the speech tokenizer hears (whisper's log_mel_spectrogram): 16 kHz, windows of 25 ms every 10 ms, 128 Slaney filters, log10
/// cut to the upper eight decades of the recording and brought to about [-1, 1].
/// </summary>
internal static class WhisperMel
{
    public const int SampleRate = 16_000;
    public const int Bins = 128;

    private const int Size = 400;
    private const int Hop = 160;

    public static MelFilters Filters { get; } = MelFilters.Slaney(SampleRate, Size, Bins, 0, SampleRate / 2);

    /// <param name="samples">At 16 kHz; at least 201.</param>
    /// <returns>[samples / 160, 128]</returns>
    public static Tensor Compute(ReadOnlySpan<float> samples)
    {
        var padded = Windows.Reflect(samples, Size / 2);
        var (fourier, window) = (new FourierTransform(Size), Windows.PeriodicHann(Size));
        var (frame, power, bands) = (new double[Size], new double[(Size / 2) + 1], new double[Bins]);
        var mel = new Tensor();
        mel.Resize(samples.Length / Hop, Bins); // torch's spectrogram has one frame more, which whisper drops
        var highest = double.NegativeInfinity;
        for (var t = 0; t < mel.Rows; t++)
        {
            for (var i = 0; i < Size; i++)
            {
                frame[i] = window[i] * padded[(t * Hop) + i];
            }

            fourier.Power(frame, power);
            Filters.Apply(power, bands);
            var row = mel.Row(t);
            for (var band = 0; band < Bins; band++)
            {
                var level = Math.Log10(Math.Max(bands[band], 1e-10));
                highest = Math.Max(highest, level);
                row[band] = (float)level;
            }
        }

        var floor = (float)highest - 8;
        foreach (ref var value in mel.Span)
        {
            value = (Math.Max(value, floor) + 4) / 4;
        }

        return mel;
    }
}
