using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>A session whose sound leaves as bytes of a format. Everything else is told as events; sound never is.</summary>
internal sealed class EncodedSession : IAsyncDisposable
{
    private readonly AudioEncoders _encoders;
    private readonly Func<SpeechEvent, ValueTask> _tell;
    private readonly Func<ReadOnlyMemory<byte>, double, ValueTask> _send;
    private readonly Func<SpokenSegment, double, ValueTask> _said;
    private readonly CancellationToken _gone;
    private readonly SpeechSession _session;
    private AudioEncoder? _encoder;
    private SpokenSound? _sound;
    private double _gain;
    private bool _isTimed;

    /// <param name="tell">Takes an event.</param>
    /// <param name="send">Takes a piece of sound, and how many seconds were on their way to it so far.</param>
    /// <param name="said">Takes each segment behind its sound, with these seconds; of speeches for which that was asked. See <see cref="SpokenSound"/>.</param>
    /// <param name="textIdle">Longest time without any text.</param>
    public EncodedSession(
        ISynthesis synthesis, AudioEncoders encoders, Func<SpeechEvent, ValueTask> tell, Func<ReadOnlyMemory<byte>, double, ValueTask> send,
        Func<SpokenSegment, double, ValueTask> said, TimeSpan textIdle, TimeProvider time, ILogger<SpeechSession> logger, CancellationToken gone)
    {
        (_encoders, _tell, _send, _said, _gone) = (encoders, tell, send, said, gone);
        _session = new SpeechSession(synthesis, HearAsync, textIdle, time, logger, gone);
    }

    public Task Speaking => _session.Speaking;

    /// <summary>Makes ready to send a speech in a format; to be called when no speech is under way, before it begins.</summary>
    /// <param name="gain">What samples are multiplied with, 0 or more.</param>
    /// <param name="timed">Whether to find out when words are said.</param>
    /// <exception cref="SpeechException">The format cannot be had.</exception>
    public async ValueTask PrepareAsync(AudioOutput output, double gain, bool timed)
    {
        _encoder?.Dispose(); // Of a speech that was prepared and did not begin.
        _encoder = null;
        _encoder = await _encoders.OpenAsync(output);
        (_gain, _isTimed) = (gain, timed);
    }

    public ValueTask TakeAsync(SpeechCommand command) => _session.TakeAsync(command);

    public Task StopAsync() => _session.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await CloseAsync();
    }

    private async ValueTask HearAsync(SpeechEvent happened)
    {
        switch (happened)
        {
            case SpeechEvent.Sound sound:
                await _sound!.AddAsync(sound.Frame, _gain);
                return;
            case SpeechEvent.Rejected:
                break;
            case SpeechEvent.Started started:
                await _tell(happened);
                _sound = new SpokenSound(_encoder!, started.Details.SampleRate, _send, _isTimed ? _said : null, _gone);
                _encoder = null;
                return;
            case SpeechEvent.Finished finished:
                happened = await FinishAsync(finished);
                await CloseAsync();
                break;
            default:
                await CloseAsync();
                break;
        }

        await _tell(happened);
    }

    private async Task<SpeechEvent> FinishAsync(SpeechEvent.Finished finished)
    {
        try
        {
            await _sound!.FinishAsync();
            return finished;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new SpeechEvent.Failed(finished.Details.TaskId, e as SpeechException ?? SpeechException.Internal(e));
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_sound is not null)
        {
            await _sound.DisposeAsync();
            _sound = null;
        }

        _encoder?.Dispose();
        _encoder = null;
    }
}
