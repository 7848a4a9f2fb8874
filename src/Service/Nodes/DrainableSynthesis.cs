using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Nodes;

/// <summary>
/// Speaks unless it is told to take no work. A speech counts as under way until its listener has let go of it, because
/// frames that were made and not fetched are lost with the process.
/// </summary>
internal sealed class DrainableSynthesis(ISynthesis inner) : ISynthesis, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _draining = new();
    private bool _isLast;
    private int _underWay;

    public bool IsDraining { get; private set; }

    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        var draining = Enter();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var speech = await BeginAsync(request, stop, draining);
            return new Speech(speech.Details, speech.Frames, () => EndAsync(speech, stop));
        }
        catch (Exception e)
        {
            stop.Dispose();
            Leave();
            if (e is OperationCanceledException && draining.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw AdmissionErrors.Draining();
            }

            throw;
        }
    }

    /// <summary>Refuses new work until it is told to take it again.</summary>
    public void Drain()
    {
        CancellationTokenSource draining;
        lock (_gate)
        {
            IsDraining = true;
            draining = _draining;
        }

        draining.Cancel();
    }

    /// <summary>Takes work again, unless it is being drained for good.</summary>
    public void Accept()
    {
        lock (_gate)
        {
            if (IsDraining && !_isLast)
            {
                (IsDraining, _draining) = (false, new CancellationTokenSource());
            }
        }
    }

    /// <summary>Refuses new work for good; completes when nothing is under way.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isLast = true;
        }

        Drain();
        lock (_gate)
        {
            CompleteWhenEmpty();
        }

        await _empty.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _draining.Dispose();

    private CancellationToken Enter()
    {
        lock (_gate)
        {
            if (IsDraining)
            {
                throw AdmissionErrors.Draining();
            }

            _underWay++;
            return _draining.Token;
        }
    }

    // Whoever has heard nothing yet, most of them waiting for a place, is better served elsewhere at once.
    private async Task<Speech> BeginAsync(SpeakRequest request, CancellationTokenSource stop, CancellationToken draining)
    {
        Speech speech;
        await using (draining.Register(stop.Cancel))
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
        if (_isLast && _underWay == 0)
        {
            _empty.TrySetResult();
        }
    }
}
