using System.Runtime.CompilerServices;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Cache;

/// <summary>
/// A speech that is made once for everybody who asked for the same at the same time. Each listens from its beginning and leaves
/// when it likes; when the last has left before the end, it is stopped.
/// </summary>
internal sealed class SharedSpeech
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<SpeechDetails> _details = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<AudioFrame> _frames = [];
    private readonly Func<StoredSpeech?, Task> _over;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _pump = Task.CompletedTask;
    private Exception? _failure;
    private bool _ended;
    private int _listeners = 1; // Whoever made it.

    /// <param name="over">Called once, with the speech, or null where it did not come to its end.</param>
    public SharedSpeech(Func<StoredSpeech?, Task> over) => _over = over;

    /// <summary>Completes when the first frame exists.</summary>
    public Task<SpeechDetails> Details => _details.Task;

    public void Start(Func<CancellationToken, Task<Speech>> begin) => _pump = Task.Run(() => PumpAsync(begin));

    /// <summary>False where it has failed or been stopped: then it is no use to anybody.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (_failure is not null || _stop.IsCancellationRequested)
            {
                return false;
            }

            _listeners++;
            return true;
        }
    }

    public async ValueTask LeaveAsync()
    {
        lock (_gate)
        {
            if (--_listeners > 0 || _ended)
            {
                return;
            }

            _stop.Cancel();
        }

        await _pump; // Its place is free when this completes, as with a speech that nobody shares.
    }

    public async IAsyncEnumerable<AudioFrame> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; ;)
        {
            AudioFrame? next = null;
            Task more;
            lock (_gate)
            {
                more = _more.Task;
                if (i < _frames.Count)
                {
                    next = _frames[i++];
                }
                else if (_ended)
                {
                    if (_failure is not null)
                    {
                        throw _failure;
                    }

                    yield break;
                }
            }

            if (next is { } frame)
            {
                yield return frame;
            }
            else
            {
                await more.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task PumpAsync(Func<CancellationToken, Task<Speech>> begin)
    {
        StoredSpeech? whole = null;
        try
        {
            await using var speech = await begin(_stop.Token);
            _details.SetResult(speech.Details);
            await foreach (var frame in speech.Frames.WithCancellation(_stop.Token))
            {
                Change(() => _frames.Add(frame));
            }

            whole = new StoredSpeech(speech.Details, _frames);
            Change(() => _ended = true);
        }
        catch (Exception e)
        {
            Change(() => (_failure, _ended) = (e, true));
            _details.TrySetException(e);
            _ = _details.Task.Exception; // Observed: everybody may have left.
        }

        await _over(whole);
        _stop.Dispose();
    }

    private void Change(Action change)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            change();
            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }
}
