using System.ComponentModel;
using System.Text.Json.Serialization;
using CosyVoice.Enrolment;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>How good a recording is, as it is shown.</summary>
internal sealed record ReportView(
    double Seconds,
    [property: JsonPropertyName("sample_rate")] int SampleRate,
    int Channels,
    [property: JsonPropertyName("peak_db")] [property: Description("The loudest sample, in dB of full scale.")] double PeakDecibels,
    [property: JsonPropertyName("clipped_share")] [property: Description("Share of the samples that are cut off at the loudest value, 0 to 1.")] double ClippedShare,
    [property: JsonPropertyName("snr_db")] [property: Description("Speech over noise in dB, an estimate; 20 or more are good.")] double SignalToNoiseDecibels,
    [property: JsonPropertyName("leading_silence")] [property: Description("Seconds.")] double LeadingSilence,
    [property: JsonPropertyName("trailing_silence")] [property: Description("Seconds.")] double TrailingSilence,
    [property: Description("What could be better; the voice can be used nevertheless.")] IReadOnlyList<ReportView.Warning> Warnings)
{
    [Description("Of the transcript per second of speech, an estimate.")]
    [JsonPropertyName("syllables_per_second")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SyllablesPerSecond { get; init; }

    public static ReportView Of(RecordingReport report) => new(
        Rounded(report.Seconds), report.SampleRate, report.Channels, Rounded(report.PeakDecibels), Rounded(report.ClippedShare),
        Rounded(report.SignalToNoiseDecibels), Rounded(report.LeadingSilence), Rounded(report.TrailingSilence),
        [.. report.Warnings.Select(warning => new Warning(warning.Message, warning.Solution))])
    {
        SyllablesPerSecond = report.SyllablesPerSecond is { } rate ? Rounded(rate) : null,
    };

    private static double Rounded(double value) => Math.Round(value, 4);

    internal sealed record Warning(string Message, string Solution);
}
