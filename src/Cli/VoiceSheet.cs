using System.Globalization;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli;

/// <summary>All that cosy voices show says about a voice; null and empty is what is not known.</summary>
/// <param name="Line">As the list has it.</param>
internal sealed record VoiceSheet(string Line)
{
    public string? Owner { get; init; }

    public DateTimeOffset? Created { get; init; }

    public IEnumerable<string> Modes { get; init; } = [];

    public string? Transcript { get; init; }

    public string? Consent { get; init; }

    public (double Seconds, int SampleRate, double SignalToNoise)? Recording { get; init; }

    public IEnumerable<(string Message, string Solution)> Warnings { get; init; } = [];

    public IEnumerable<string> Lines()
    {
        (string What, string? Value)[] known =
        [
            ("owner", Owner),
            ("created", Created?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            ("modes", string.Join(", ", Modes)),
            ("transcript", Transcript),
            ("consent", Consent),
            ("recording", Recording is var (seconds, rate, noise)
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s, {rate} Hz, {noise:0.#} dB over noise")
                : null),
        ];
        return
        [
            Line,
            .. known.Where(entry => !string.IsNullOrEmpty(entry.Value)).Select(entry => $"{entry.What}\t{Quoted.Plain(entry.Value!)}"),
            .. Warnings.Select(warning => VoiceLine.Warning(Quoted.Plain(warning.Message), Quoted.Plain(warning.Solution))),
        ];
    }
}
