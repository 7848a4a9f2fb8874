using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>What sound is to become.</summary>
/// <param name="SampleRate">One of <see cref="SampleRates"/>; null for the rate that the model speaks at.</param>
public sealed record AudioOutput(AudioFormat Format, int? SampleRate = null)
{
    /// <summary>The rates that can be asked for, in samples per second.</summary>
    public static IReadOnlyList<int> SampleRates { get; } = [8000, 16000, 22050, 24000, 44100, 48000];

    // The codec has no others.
    private static readonly int[] OpusRates = [8000, 16000, 24000, 48000];

    /// <summary>What is wrong with a rate for a format; null when nothing is.</summary>
    public static Violation? CheckRate(AudioFormat format, long? rate)
    {
        if (rate is null || RatesOf(format).Any(offered => offered == rate))
        {
            return null;
        }

        var offered = RatesOf(format);
        var list = $"{string.Join(", ", offered.SkipLast(1))} or {offered[^1]}";
        return new Violation(
            SpeechErrorCodes.RequestInvalid,
            format == AudioFormat.Opus && SampleRates.Any(known => known == rate)
                ? $"sample_rate {rate} cannot be had with format opus."
                : $"sample_rate {rate} cannot be had.",
            $"Give sample_rate {list}, or leave it out for the model's own.");
    }

    /// <summary>Samples per second of the output when the model speaks at <paramref name="modelRate"/>.</summary>
    public int RateOf(int modelRate) => SampleRate ?? (Format == AudioFormat.Opus ? OpusRates.FirstOrDefault(rate => rate >= modelRate, OpusRates[^1]) : modelRate);

    private static IReadOnlyList<int> RatesOf(AudioFormat format) => format == AudioFormat.Opus ? OpusRates : SampleRates;
}
