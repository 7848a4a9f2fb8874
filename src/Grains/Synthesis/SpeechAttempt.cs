using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Synthesis;

/// <summary>One worker speaking one passage for us. A call to a silo that died does not return; this does.</summary>
internal sealed class SpeechAttempt
{
    // Frames come in bursts, a chunk of a second at a time; a call brings what is there.
    private const int BatchSize = 64;

    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<SpeechPart> _parts;

    private readonly TextInput? _text;
    private readonly string? _textId;
    private Task? _sending;

    /// <param name="text">Sent to the worker as it is written, from its beginning; null where the message has a whole one.</param>
    public SpeechAttempt(Worker worker, SpeakMessage message, TextInput? text, CancellationToken cancellationToken)
    {
        _text = text;
        _textId = text is null ? null : Guid.CreateVersion7().ToString("N"); // Not the speech's: two may speak it at a time.
        Worker = worker;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, worker.Lost);
        _parts = worker.Grain.Speak(message with { TextId = _textId }, _stop.Token).WithBatchSize(BatchSize).GetAsyncEnumerator(_stop.Token);
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

    private async Task<bool> MoveNextAsync()
    {
        var any = await _parts.MoveNextAsync().AsTask().WaitAsync(_stop.Token);
        if (any && _text is not null)
        {
            _sending ??= SendAsync(_text);
        }

        return any;
    }

    private async Task SendAsync(TextInput text)
    {
        try
        {
            await foreach (var pieces in text.ReadBatchesAsync(_stop.Token))
            {
                if (!await WriteAsync(TextMessage.From(_textId!, pieces)))
                {
                    return; // It has ended there, and says why.
                }
            }

            await WriteAsync(new TextMessage(_textId!, [], IsEnd: true));
        }
        catch (SpeechException e)
        {
            await WriteAsync(new TextMessage(_textId!, [], Error: ErrorMessage.From(e)));
        }
    }

    private async Task<bool> WriteAsync(TextMessage message)
    {
        try
        {
            return await Worker.Grain.Write(message).WaitAsync(_stop.Token);
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync(); // A worker that does not know what follows cannot go on: as if it were gone.
            return false;
        }
    }

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
            await (_sending ?? Task.CompletedTask);
        }
        catch (Exception)
        {
            // Nobody waits for the text any more.
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
