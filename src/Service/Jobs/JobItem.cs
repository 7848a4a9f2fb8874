using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Jobs;

/// <summary>One text of a job, with everything decided that its sound depends on: making it again gives the same bytes.</summary>
public sealed record JobItem
{
    /// <summary>Place in the job, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the output, unique in the job (letters that differ only in case count as the same) and safe as a file name.</summary>
    public required string Name { get; init; }

    public required string Text { get; init; }

    /// <summary>A voice of the catalogue; the default voice when null.</summary>
    public string? Voice { get; init; }

    /// <summary>sft, zero_shot, cross_lingual or instruct; instruct where there is an instruction and otherwise sft when null.</summary>
    public string? Mode { get; init; }

    public string? Instruction { get; init; }

    public string? Emotion { get; init; }

    public string? Dialect { get; init; }

    public required AudioFormat Format { get; init; }

    /// <summary>Of the output; the model's own when null.</summary>
    public int? SampleRate { get; init; }

    /// <summary>1 to 100,000,000.</summary>
    public required int Seed { get; init; }

    /// <summary>0.5 to 2.0.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Title of the chapter of an assembly that begins with this item.</summary>
    public string? Chapter { get; init; }

    internal SpeakRequest ToRequest() => new()
    {
        Text = Text,
        SpeakerId = Voice,
        Mode = Mode,
        Instruction = Instruction,
        Emotion = Emotion,
        Dialect = Dialect,
        Seed = Seed,
        Speed = Speed,
        Streaming = false,
        Lane = SpeechLane.Batch,
    };
}
