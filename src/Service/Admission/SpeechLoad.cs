namespace CosyOrleans.Service.Admission;

/// <summary>The work one speech means, in seconds of sound.</summary>
internal class SpeechLoad(double predictedSeconds)
{
    public double ProducedSeconds { get; set; }

    /// <summary>What is still to come; a speech that runs longer than predicted is always about to end.</summary>
    public double RemainingSeconds => Math.Max(predictedSeconds - ProducedSeconds, 0);
}
