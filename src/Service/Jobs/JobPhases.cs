namespace CosyOrleans.Service.Jobs;

/// <summary>The state machine of jobs: which command leads from which phase to which.</summary>
public static class JobPhases
{
    public static bool IsFinished(this JobPhase phase) => phase is JobPhase.Completed or JobPhase.Cancelled;

    /// <summary>The phase after a command: the same where it changes nothing, null where it is not allowed.</summary>
    /// <param name="failed">Items that failed, and the assembly if it did.</param>
    public static JobPhase? After(this JobPhase phase, JobCommand command, int failed) => (command, phase) switch
    {
        (JobCommand.Pause, JobPhase.Running or JobPhase.Paused) => JobPhase.Paused,
        (JobCommand.Resume, JobPhase.Running or JobPhase.Paused) => JobPhase.Running,
        (JobCommand.Cancel, not JobPhase.Completed) => JobPhase.Cancelled,
        (JobCommand.Retry, JobPhase.Completed or JobPhase.Cancelled) => failed > 0 ? JobPhase.Running : phase,
        _ => null,
    };
}
