namespace CosyOrleans.Service.Admission;

/// <summary>A place in the queue and then a slot; disposing it gives it back, at any time and any number of times.</summary>
internal sealed class SpeechTicket(SpeechQueue queue, SpeechWork work, double predictedSeconds)
    : SpeechLoad(predictedSeconds, work.Lane, work.IsResumption, work.Tenant), IDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SpeechWork Work { get; } = work;

    /// <summary>Completes when the slot is there.</summary>
    public Task Started => _started.Task;

    /// <summary>Guarded by the queue.</summary>
    public bool HasLeft { get; set; }

    public void Start() => _started.TrySetResult();

    public void Produced(double seconds) => queue.Produced(this, seconds);

    /// <summary>The whole text was spoken: what it took makes later predictions better.</summary>
    public void Completed() => queue.Completed(this);

    public void Dispose() => queue.Leave(this);
}
