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

    /// <summary>What of a text or book becomes an item: paragraph, line, sentence or chapter; paragraph when left out.</summary>
    public string? Split { get; init; }

    /// <summary>wav, flac or m4b for one sound of all items; left out, there is none.</summary>
    public string? Assembly { get; init; }

    /// <summary>Of the assembly; a book's own when left out.</summary>
    public string? Title { get; init; }

    /// <summary>Of the assembly; a book's own when left out.</summary>
    public string? Author { get; init; }

    /// <summary>Seconds between the items of the assembly, 0 to 10.</summary>
    public double? Pause { get; init; }

    /// <summary>The URL that is told when the job has ended.</summary>
    public string? Webhook { get; init; }

    /// <summary>16 to 256 characters that only sender and receiver know.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>job or items: whether the end of each item is told, too. job when left out.</summary>
    public string? WebhookEvents { get; init; }
}
