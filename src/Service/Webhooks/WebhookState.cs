namespace CosyOrleans.Service.Webhooks;

/// <summary>How far the receiver of a job's calls is told.</summary>
public sealed record WebhookState
{
    /// <summary>Number of the item that is told next.</summary>
    public int Next { get; init; } = 1;

    /// <summary>The end of the job that was told, or given up; null for none.</summary>
    public DateTimeOffset? Told { get; init; }

    /// <summary>Why it was given up.</summary>
    public string? Problem { get; init; }
}
