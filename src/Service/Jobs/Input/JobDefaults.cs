namespace CosyOrleans.Service.Jobs.Input;

/// <summary>What a submission says about the job as a whole; fields of items that leave something out come from here.</summary>
public sealed record JobDefaults
{
    /// <summary>The job's id; one is made when left out.</summary>
    public string? Id { get; init; }

    public string? Voice { get; init; }

    public string? Mode { get; init; }

    public string? Instruction { get; init; }

    public string? Emotion { get; init; }

    public string? Dialect { get; init; }

    /// <summary>One of <see cref="Formats.AudioFormats.Names"/>; wav when left out.</summary>
    public string? Format { get; init; }

    /// <summary>One of <see cref="Formats.AudioOutput.SampleRates"/>; the model's own when left out.</summary>
    public long? SampleRate { get; init; }

    public double? Speed { get; init; }

    /// <summary>Of all items; left out, each gets one of its own, decided by what it says.</summary>
    public long? Seed { get; init; }

    /// <summary>Items under way at the same time on each worker.</summary>
    public long? InFlight { get; init; }
}
