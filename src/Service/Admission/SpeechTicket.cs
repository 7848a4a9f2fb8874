namespace CosyOrleans.Service.Admission;

/// <summary>A place in the queue and then a slot; disposing it gives it back, at any time and any number of times.</summary>
internal sealed class SpeechTicket(SpeechQueue queue, SpeechWork work, double predictedSeconds)
    : SpeechLoad(predictedSeconds, work.Lane, work.IsResumption, work.Tenant), IDisposable
{
    private TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SpeechWork Work { get; } = work;

    /// <summary>Completes when the slot is there.</summary>
    public Task Started => _started.Task;

    /// <summary>Guarded by the queue.</summary>
    public bool HasLeft { get; set; }

    public void Start() => _started.TrySetResult();

    /// <summary>Forgets that it has started; guarded by the queue.</summary>
    public void Wait() => _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gives the slot back and completes with one again, which may be at once: nobody who comes later is served before.</summary>
    public Task ReturnAsync(CancellationToken cancellationToken)
    {
        queue.Return(this);
        return Started.WaitAsync(cancellationToken);
    }

    public void Produced(double seconds) => queue.Produced(this, seconds);

    /// <summary>The whole text was spoken: what it took makes later predictions better.</summary>
    public void Completed() => queue.Completed(this);

    public void Dispose() => queue.Leave(this);
}
