namespace CosyOrleans.Service.Admission;

/// <summary>The decision about a newcomer.</summary>
internal readonly record struct AdmissionAnswer(AdmissionOutcome Outcome, TimeSpan RetryAfter)
{
    public static AdmissionAnswer Started => new(AdmissionOutcome.Started, TimeSpan.Zero);

    public static AdmissionAnswer Queued => new(AdmissionOutcome.Queued, TimeSpan.Zero);

    public static AdmissionAnswer Refused(TimeSpan retryAfter) => new(AdmissionOutcome.Refused, retryAfter);
}

internal enum AdmissionOutcome
{
    Started,
    Queued,
    Refused,
}
