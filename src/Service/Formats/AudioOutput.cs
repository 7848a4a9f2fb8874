using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>What sound is to become.</summary>
/// <param name="SampleRate">One of <see cref="SampleRates"/>; null for the rate that the model speaks at, or the next that the format has.</param>
public sealed record AudioOutput(AudioFormat Format, int? SampleRate = null)
{
    /// <summary>The rates that can be asked for, in samples per second.</summary>
    public static IReadOnlyList<int> SampleRates { get; } = [8000, 16000, 22050, 24000, 44100, 48000];

    // The codec has no others.
    private static readonly int[] OpusRates = [8000, 16000, 24000, 48000];
    private static readonly int[] TelephoneRates = [8000];

    /// <summary>What is wrong with a rate for a format; null when nothing is.</summary>
    public static Violation? CheckRate(AudioFormat format, long? rate)
    {
        if (rate is null || RatesOf(format).Any(offered => offered == rate))
        {
            return null;
        }

        var offered = RatesOf(format);
        var list = offered.Count == 1 ? $"{offered[0]}" : $"{string.Join(", ", offered.SkipLast(1))} or {offered[^1]}";
        return new Violation(
            SpeechErrorCodes.RequestInvalid,
            SampleRates.Any(known => known == rate)
                ? $"sample_rate {rate} cannot be had with format {format.Name()}."
                : $"sample_rate {rate} cannot be had.",
            offered.Count == 1 ? $"Give sample_rate {list}, or leave it out." : $"Give sample_rate {list}, or leave it out for the model's own.");
    }

    /// <summary>Samples per second of the output when the model speaks at <paramref name="modelRate"/>.</summary>
    public int RateOf(int modelRate)
    {
        var rates = RatesOf(Format);
        return SampleRate ?? (rates == SampleRates ? modelRate : rates.FirstOrDefault(rate => rate >= modelRate, rates[^1]));
    }

    private static IReadOnlyList<int> RatesOf(AudioFormat format) => format switch
    {
        AudioFormat.Opus => OpusRates,
        AudioFormat.Ulaw or AudioFormat.Alaw => TelephoneRates,
        _ => SampleRates,
    };
}
