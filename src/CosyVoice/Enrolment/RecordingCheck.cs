using System.Globalization;
using CosyVoice.Audio;

namespace CosyVoice.Enrolment;

/// <summary>What a recording must be like, and what it should be like.</summary>
public static class RecordingCheck
{
    /// <summary>Samples per second, at least.</summary>
    public const int LowestSampleRate = 16_000;

    /// <summary>Seconds, at least and at most.</summary>
    public const double ShortestSeconds = 1;

    public const double LongestSeconds = 30;

    /// <summary>Seconds between which nothing is to be wished.</summary>
    public const double GoodFromSeconds = 3;

    public const double GoodToSeconds = 15;

    private const double QuietestSpeech = 1e-5; // mean square, 50 dB below full scale
    private const double LargestSample = 4; // floats may reach beyond 1, but not as integers in disguise do
    private const double MostClipped = 0.001;
    private const double LeastSignalToNoise = 20;
    private const double MostSilence = 1;
    private const double SlowestSyllables = 1.5;
    private const double FastestSyllables = 9;

    /// <summary>Seconds of a recording that is only to be said again in another voice: a word.</summary>
    public const double ShortestSourceSeconds = 0.2;

    /// <param name="shortest">Seconds, at least.</param>
    /// <exception cref="RecordingException">No voice can be made from it; every reason at once.</exception>
    public static RecordingReport Measure(Recording recording, string transcript, double shortest = ShortestSeconds)
    {
        var problems = Unusable(recording, shortest).ToList();
        if (problems.Count > 0)
        {
            throw new RecordingException(problems);
        }

        var levels = new RecordingLevels(recording);
        if (levels.LoudPower < QuietestSpeech)
        {
            throw new RecordingException([new(
                $"There is no speech in the recording: it stays {Text(-Decibels(levels.LoudPower))} dB below full scale.", "Record nearer to the microphone, or louder.")]);
        }

        var spoken = Math.Max(0.1, recording.Seconds - levels.LeadingSilence - levels.TrailingSilence);
        var syllables = Syllables.Count(transcript);
        var report = new RecordingReport
        {
            Seconds = recording.Seconds,
            SampleRate = recording.SampleRate,
            Channels = recording.Channels,
            PeakDecibels = 2 * Decibels(levels.Peak),
            ClippedShare = levels.ClippedShare,
            SignalToNoiseDecibels = Decibels(levels.SignalToNoise),
            LeadingSilence = levels.LeadingSilence,
            TrailingSilence = levels.TrailingSilence,
            SyllablesPerSecond = syllables > 0 ? syllables / spoken : null,
        };
        return report with { Warnings = [.. Warnings(report)] };
    }

    private static IEnumerable<RecordingProblem> Unusable(Recording recording, double shortest)
    {
        if (recording.SampleRate < LowestSampleRate)
        {
            yield return new(
                $"The recording has {recording.SampleRate} samples per second; {LowestSampleRate} are the least.",
                $"Record with {LowestSampleRate} samples per second or more; raising the rate afterwards does not help.");
        }

        if (recording.Seconds < shortest || recording.Seconds > LongestSeconds)
        {
            yield return new(
                $"The recording lasts {Text(recording.Seconds)} seconds; {Text(shortest)} to {LongestSeconds} are taken.",
                $"Give {GoodFromSeconds} to {GoodToSeconds} seconds of one person speaking.");
        }

        if (recording.Samples.Any(sample => !(Math.Abs(sample) <= LargestSample)))
        {
            yield return new("The recording holds samples that are no sound: not numbers, or far beyond full scale.", "Save the recording again as 16-bit WAV.");
        }
    }

    private static IEnumerable<RecordingProblem> Warnings(RecordingReport report)
    {
        if (report.Seconds < GoodFromSeconds)
        {
            yield return new(
                $"The recording lasts only {Text(report.Seconds)} seconds; the voice may come out less alike.", $"{GoodFromSeconds} to {GoodToSeconds} seconds are best.");
        }
        else if (report.Seconds > GoodToSeconds)
        {
            yield return new(
                $"The recording lasts {Text(report.Seconds)} seconds; every speech with it begins later.", $"{GoodFromSeconds} to {GoodToSeconds} seconds are best.");
        }

        if (report.ClippedShare > MostClipped)
        {
            yield return new(
                $"{Text(100 * report.ClippedShare)} % of the recording is cut off at its loudest; the voice may sound harsh.", "Record less loud, or farther from the microphone.");
        }

        if (report.SignalToNoiseDecibels < LeastSignalToNoise)
        {
            yield return new(
                $"The speech stands only {Text(report.SignalToNoiseDecibels)} dB above the noise; the voice may carry the noise along.",
                $"Record in a quieter place; {LeastSignalToNoise} dB or more are good.");
        }

        if (Math.Max(report.LeadingSilence, report.TrailingSilence) > MostSilence)
        {
            yield return new(
                $"The recording is silent for {Text(report.LeadingSilence)} seconds before the speech and {Text(report.TrailingSilence)} after it.",
                "Cut the silence off, down to half a second.");
        }

        if (report.SyllablesPerSecond is { } rate and (< SlowestSyllables or > FastestSyllables))
        {
            yield return new(
                $"The transcript would be spoken at {Text(rate)} syllables per second; speech has {SlowestSyllables.ToString(CultureInfo.InvariantCulture)} to {FastestSyllables}. It may not be what is said.",
                "Write down exactly what is said in the recording.");
        }
    }

    private static double Decibels(double power) => 10 * Math.Log10(power);

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
