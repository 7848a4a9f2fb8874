using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>
/// The speeches of one connection, one after another, each with a text that is written while it is spoken. Protocols translate
/// their messages to commands, and events to their messages. Events come one at a time, and no frame is fetched before the
/// one before was taken, so that a slow client slows down the model and fills no memory.
/// </summary>
/// <param name="tell">Takes an event; when it fails, nobody is there any more.</param>
/// <param name="textIdle">Longest time without any text.</param>
/// <param name="gone">Whoever is connected has left: stops the work within one step of the model.</param>
internal sealed partial class SpeechSession(
    ISynthesis synthesis, Func<SpeechEvent, ValueTask> tell, TimeSpan textIdle, TimeProvider time, ILogger<SpeechSession> logger, CancellationToken gone)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SpeechTurns _turns = new();
    private TextInput _text = new();
    private CancellationTokenSource _cancel = new();

    /// <summary>Completes when nothing is being spoken.</summary>
    public Task Speaking { get; private set; } = Task.CompletedTask;

    /// <summary>Follows a command, or says why not. One at a time.</summary>
    public ValueTask TakeAsync(SpeechCommand command)
    {
        SpeechException? error;
        lock (_gate)
        {
            (var isFollowed, error) = _turns.Take(command);
            if (isFollowed)
            {
                Follow(command);
            }
        }

        return error is null ? ValueTask.CompletedTask : tell(new SpeechEvent.Rejected(error));
    }

    /// <summary>Ends what is being spoken.</summary>
    public async Task StopAsync()
    {
        await _cancel.CancelAsync();
        await Speaking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _cancel.Dispose();
    }

    private void Follow(SpeechCommand command)
    {
        switch (command)
        {
            case SpeechCommand.Begin begin:
                Begin(begin);
                break;
            case SpeechCommand.Append append:
                Append(append.Text);
                break;
            case SpeechCommand.Flush:
                _text.Flush();
                break;
            case SpeechCommand.End:
                _text.Complete();
                break;
            default:
                _cancel.Cancel();
                break;
        }
    }

    private void Begin(SpeechCommand.Begin begin)
    {
        _cancel.Dispose();
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(gone);
        _text = new TextInput(time, textIdle);
        Append(begin.Text ?? "");
        var request = begin.Request with { TextInput = _text, TaskId = begin.Request.TaskId ?? Guid.CreateVersion7().ToString("N") };
        var (before, cancel, text) = (Speaking, _cancel.Token, _text);
        Speaking = Task.Run(() => SpeakAsync(before, begin, request, text, cancel), CancellationToken.None);
    }

    private void Append(string text)
    {
        try
        {
            _text.Append(text);
        }
        catch (SpeechException)
        {
            // The speech fails with it, and that is told.
        }
    }

    private async Task SpeakAsync(Task before, SpeechCommand.Begin asked, SpeakRequest request, TextInput text, CancellationToken cancel)
    {
        await before; // It may still be telling how it ended.
        SpeechEvent? end;
        try
        {
            await using var speech = await synthesis.SpeakAsync(request, cancel);
            await tell(new SpeechEvent.Started(speech.Details) { Asked = asked });
            var samples = 0L;
            await foreach (var frame in speech.Frames.WithCancellation(cancel))
            {
                samples += frame.Samples.Length;
                await tell(new SpeechEvent.Sound(frame));
            }

            end = new SpeechEvent.Finished(speech.Details, samples, text.Characters);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            end = new SpeechEvent.Cancelled(request.TaskId!);
        }
        catch (SpeechException e)
        {
            end = new SpeechEvent.Failed(request.TaskId!, e);
        }
        catch (Exception e)
        {
            LogUnexpected(e, request.TaskId!);
            end = new SpeechEvent.Failed(request.TaskId!, SpeechException.Internal(e));
        }

        lock (_gate)
        {
            _turns.Over(); // Before the client knows, so that it may begin the next one at once.
        }

        await TellEndAsync(end);
    }

    private async Task TellEndAsync(SpeechEvent end)
    {
        try
        {
            await tell(end);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there any more.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Speech {TaskId} failed")]
    private partial void LogUnexpected(Exception exception, string taskId);
}
