using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;

namespace CosyOrleans.Grains.Synthesis;

/// <summary>One worker speaking one passage for us. A call to a silo that died does not return; this does.</summary>
internal sealed class SpeechAttempt
{
    // Frames come in bursts, a chunk of a second at a time; a call brings what is there.
    private const int BatchSize = 64;

    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<SpeechPart> _parts;

    public SpeechAttempt(Worker worker, SpeakMessage message, CancellationToken cancellationToken)
    {
        Worker = worker;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, worker.Lost);
        _parts = worker.Grain.Speak(message, _stop.Token).WithBatchSize(BatchSize).GetAsyncEnumerator(_stop.Token);
        worker.Sent();
        Next = MoveNextAsync();
    }

    public Worker Worker { get; }

    /// <summary>Whether there is another part, which is then <see cref="Current"/>.</summary>
    public Task<bool> Next { get; private set; }

    public SpeechPart Current => _parts.Current;

    /// <summary>Ticks of the listener's clock since anything was heard.</summary>
    public int SilentTicks { get; set; }

    public void Advance() => Next = MoveNextAsync();

    /// <summary>Lets the worker know that nobody listens any more, without waiting for an answer.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _ = DisposeAsync();
    }

    private Task<bool> MoveNextAsync() => _parts.MoveNextAsync().AsTask().WaitAsync(_stop.Token);

    private async Task DisposeAsync()
    {
        try
        {
            await Next;
        }
        catch (Exception)
        {
            // Whatever went wrong with a part that nobody waits for does not matter.
        }

        try
        {
            await _parts.DisposeAsync();
        }
        catch (Exception)
        {
            // A worker that cannot be told has stopped, or will when it notices that nobody asks for more.
        }

        _stop.Dispose();
    }
}
