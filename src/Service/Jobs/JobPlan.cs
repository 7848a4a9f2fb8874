namespace CosyOrleans.Service.Jobs;

/// <summary>What a job does beside its items.</summary>
public sealed record JobPlan
{
    /// <summary>One sound of all items; null for none.</summary>
    public AssemblyPlan? Assembly { get; init; }

    /// <summary>Who is told; null for nobody.</summary>
    public WebhookPlan? Webhook { get; init; }
}

/// <summary>One sound made of all items in their order, with chapters and subtitles.</summary>
public sealed record AssemblyPlan(AssemblyFormat Format)
{
    public string? Title { get; init; }

    public string? Author { get; init; }

    /// <summary>Seconds of silence between items, 0 to 10; three times as long before a chapter.</summary>
    public double Pause { get; init; } = 0.4;
}

public enum AssemblyFormat
{
    Wav,
    Flac,

    /// <summary>AAC in an MPEG-4 file, as audiobook players take it.</summary>
    M4b,
}

/// <summary>Where a job tells what happened, signed with a secret that both know.</summary>
/// <param name="Items">Whether the end of each item is told as well as that of the job.</param>
public sealed record WebhookPlan(string Url, string Secret, bool Items);
