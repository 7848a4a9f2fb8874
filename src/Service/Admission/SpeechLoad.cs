using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>The work one speech means, in seconds of sound.</summary>
internal class SpeechLoad(double predictedSeconds, SpeechLane lane = SpeechLane.Interactive, bool isResumption = false, string? tenant = null)
{
    public SpeechLane Lane { get; } = lane;

    /// <summary>Whose it is; empty for nobody's in particular. Tenants take turns.</summary>
    public string Tenant { get; } = tenant ?? "";

    /// <summary>Where in the turns of its lane it begins, in seconds of sound; set by the lane.</summary>
    public double Mark { get; set; }

    /// <summary>As how many-th it came to its lane, from 1; set by the lane.</summary>
    public long Number { get; set; }

    /// <summary>Somebody was listening when it was cut off: every second that it waits is a second of silence.</summary>
    public bool IsUrgent => (isResumption || IsBack) && Lane == SpeechLane.Interactive;

    /// <summary>Whether it ran here before and lost its slot because there were too many; set by the admission.</summary>
    public bool IsBack { get; set; }

    /// <summary>When it came; set by the admission.</summary>
    public TimeSpan Arrival { get; set; }

    public double ProducedSeconds { get; set; }

    /// <summary>What is still to come; a speech that runs longer than predicted is always about to end.</summary>
    public double RemainingSeconds => Math.Max(predictedSeconds - ProducedSeconds, 0);
}
