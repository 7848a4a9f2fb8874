using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Nodes;

/// <summary>
/// Speaks until it is told to stop taking work. A speech counts as under way until its listener has let go of it, because
/// frames that were made and not fetched are lost with the process.
/// </summary>
internal sealed class DrainableSynthesis(ISynthesis inner) : ISynthesis, IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;

    public bool IsDraining { get; private set; }

    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        Enter();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var speech = await BeginAsync(request, stop);
            return new Speech(speech.Details, speech.Frames, () => EndAsync(speech, stop));
        }
        catch (Exception e)
        {
            stop.Dispose();
            Leave();
            if (e is OperationCanceledException && IsDraining && !cancellationToken.IsCancellationRequested)
            {
                throw AdmissionErrors.Draining();
            }

            throw;
        }
    }

    /// <summary>Refuses new work from now on; completes when nothing is under way.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IsDraining = true;
            CompleteWhenEmpty();
        }

        await _draining.CancelAsync();
        await _empty.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _draining.Dispose();

    private void Enter()
    {
        lock (_gate)
        {
            if (IsDraining)
            {
                throw AdmissionErrors.Draining();
            }

            _underWay++;
        }
    }

    // Whoever has heard nothing yet, most of them waiting for a place, is better served elsewhere at once.
    private async Task<Speech> BeginAsync(SpeakRequest request, CancellationTokenSource stop)
    {
        Speech speech;
        await using (_draining.Token.Register(stop.Cancel))
        {
            speech = await inner.SpeakAsync(request, stop.Token);
        }

        if (stop.IsCancellationRequested)
        {
            await speech.DisposeAsync();
            throw new OperationCanceledException(stop.Token);
        }

        return speech;
    }

    private async ValueTask EndAsync(Speech speech, CancellationTokenSource stop)
    {
        try
        {
            await speech.DisposeAsync();
        }
        finally
        {
            stop.Dispose();
            Leave();
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _underWay--;
            CompleteWhenEmpty();
        }
    }

    private void CompleteWhenEmpty()
    {
        if (IsDraining && _underWay == 0)
        {
            _empty.TrySetResult();
        }
    }
}
