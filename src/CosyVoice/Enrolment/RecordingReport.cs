namespace CosyVoice.Enrolment;

/// <summary>How good a recording is as the model of a voice.</summary>
public sealed record RecordingReport
{
    public required double Seconds { get; init; }

    /// <summary>Samples per second, as it came.</summary>
    public required int SampleRate { get; init; }

    public required int Channels { get; init; }

    /// <summary>The loudest sample, in dB of full scale; 0 is full.</summary>
    public required double PeakDecibels { get; init; }

    /// <summary>Share of the samples that are cut off at the loudest value, 0 to 1.</summary>
    public required double ClippedShare { get; init; }

    /// <summary>Speech over what is heard between the words, in dB; an estimate.</summary>
    public required double SignalToNoiseDecibels { get; init; }

    /// <summary>Seconds before the speech begins.</summary>
    public required double LeadingSilence { get; init; }

    /// <summary>Seconds after the speech ends.</summary>
    public required double TrailingSilence { get; init; }

    /// <summary>Syllables of the transcript per second of speech, an estimate; null without transcript.</summary>
    public double? SyllablesPerSecond { get; init; }

    /// <summary>What could be better; the voice can be used nevertheless.</summary>
    public IReadOnlyList<RecordingProblem> Warnings { get; init; } = [];
}
