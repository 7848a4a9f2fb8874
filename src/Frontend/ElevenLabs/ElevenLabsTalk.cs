using System.Net.WebSockets;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>One connection of an ElevenLabs client: one speech, after which the server closes.</summary>
internal sealed class ElevenLabsTalk : ISocketTalk
{
    private readonly SocketConnection _connection;
    private readonly EncodedSession _session;
    private readonly ElevenLabsSound _sound;
    private readonly SpeakRequest _request;
    private readonly Func<AudioOutput> _output;
    private bool _hasBegun;
    private bool _isWritten;
    private int _isOver;

    /// <param name="request">Everything but text and speed.</param>
    /// <param name="output">Throws what is wrong with the format, which is told when the first message came.</param>
    /// <param name="isTimed">Whether to send all sound with the times of its characters.</param>
    public ElevenLabsTalk(
        SocketConnection connection, SpeakRequest request, Func<AudioOutput> output, bool isTimed, ISynthesis synthesis, AudioEncoders encoders, TimeSpan textIdle,
        TimeProvider time, ILogger<SpeechSession> logger)
    {
        (_connection, _request, _output) = (connection, request, output);
        _sound = new ElevenLabsSound(connection.SendTextAsync) { IsTimed = isTimed };
        _session = new EncodedSession(synthesis, encoders, TellAsync, (sound, _) => _sound.AddAsync(sound), _sound.SaidAsync, textIdle, time, logger, connection.Gone);
    }

    public Task Speaking => _session.Speaking;

    public Task StopAsync() => _session.StopAsync();

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    public async ValueTask TakeAsync(bool isText, ReadOnlyMemory<byte> message)
    {
        try
        {
            await TakeAsync(isText ? ElevenLabsMessages.Read(message)
                : throw RequestException.Malformed("The message is binary; clients send JSON.", "Send it as a text message."));
        }
        catch (RequestException e)
        {
            await FailAsync(e.Body, isTheirs: true);
        }
        catch (SpeechException e)
        {
            await FailAsync(HttpErrors.BodyOf(e), e.Kind == SpeechErrorKind.Invalid);
        }
    }

    private async ValueTask TakeAsync(ElevenLabsMessage message)
    {
        if (_isWritten || Volatile.Read(ref _isOver) != 0)
        {
            return;
        }

        if (!_hasBegun)
        {
            await _session.PrepareAsync(_output(), gain: 1, _sound.IsTimed);
            _hasBegun = true;
            await _session.TakeAsync(new SpeechCommand.Begin(_request with { Speed = message.Speed }));
        }

        if (message.Text is { Length: > 0 } text)
        {
            await _session.TakeAsync(new SpeechCommand.Append(text));
        }

        if (message.Flush)
        {
            await _session.TakeAsync(new SpeechCommand.Flush());
        }

        if (message.Text is { Length: 0 })
        {
            _isWritten = true;
            await _session.TakeAsync(new SpeechCommand.End());
        }
    }

    private async ValueTask TellAsync(SpeechEvent happened)
    {
        switch (happened)
        {
            case SpeechEvent.Finished:
                await _sound.FinishAsync();
                await EndAsync();
                break;
            case SpeechEvent.Failed { Error.Code: SpeechErrorCodes.TextEmpty } when _isWritten:
                await EndAsync(); // Clients open connections in advance and close them again without a word.
                break;
            case SpeechEvent.Failed failed:
                await FailAsync(HttpErrors.BodyOf(failed.Error), failed.Error.Kind == SpeechErrorKind.Invalid);
                break;
        }
    }

    private async ValueTask EndAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            await _connection.SendTextAsync(ElevenLabsMessages.Final());
            await _connection.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
        }
    }

    private async ValueTask FailAsync(ErrorBody error, bool isTheirs)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            var status = isTheirs ? WebSocketCloseStatus.PolicyViolation : WebSocketCloseStatus.InternalServerError;
            await _session.TakeAsync(new SpeechCommand.Cancel());
            await _connection.SendTextAsync(ElevenLabsMessages.Failed(error, (int)status));
            await _connection.CloseAsync(status, error.Error);
        }
    }
}
