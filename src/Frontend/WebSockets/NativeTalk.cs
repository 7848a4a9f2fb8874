using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>The service's own protocol on one connection: samples, or Opus packets whose bit rate follows what the client reports.</summary>
internal sealed class NativeTalk : ISocketTalk
{
    private readonly SocketConnection _connection;
    private readonly SpeechSession _session;
    private BufferBitRate _rate = new();
    private OpusPackets? _packets;

    public NativeTalk(SocketConnection connection, ISynthesis synthesis, TimeSpan textIdle, TimeProvider time, ILogger<SpeechSession> logger)
    {
        _connection = connection;
        _session = new SpeechSession(synthesis, TellAsync, textIdle, time, logger, connection.Gone);
    }

    public Task Speaking => _session.Speaking;

    public Task StopAsync() => _session.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _packets?.Dispose();
    }

    public async ValueTask TakeAsync(bool isText, ReadOnlyMemory<byte> message)
    {
        try
        {
            await TakeAsync(isText ? NativeMessages.Read(message)
                : throw RequestException.Malformed("The message is binary; clients send JSON.", "Send it as a text message."));
        }
        catch (RequestException e)
        {
            await _connection.SendTextAsync(NativeMessages.Write(e.Body));
        }
        catch (SpeechException e)
        {
            await _connection.SendTextAsync(NativeMessages.Write(new SpeechEvent.Rejected(e)));
        }
    }

    private async ValueTask TakeAsync(SpeechCommand command)
    {
        if (command is not SpeechCommand.Buffer buffer)
        {
            await _session.TakeAsync(command);
        }
        else if (Volatile.Read(ref _packets) is { } packets)
        {
            packets.BitRate = Volatile.Read(ref _rate).Report(buffer.Milliseconds);
        }
    }

    private async ValueTask TellAsync(SpeechEvent happened)
    {
        switch (happened)
        {
            case SpeechEvent.Sound sound when _packets is null:
                await _connection.SendSamplesAsync(sound.Frame.Samples);
                return;
            case SpeechEvent.Sound sound:
                await SendAsync(_packets.Add(sound.Frame.Samples.Span));
                return;
            case SpeechEvent.Started { Asked: { Format: AudioFormat.Opus } asked } started:
                Volatile.Write(ref _rate, new BufferBitRate());
                Volatile.Write(ref _packets, new OpusPackets(started.Details.SampleRate, asked.SampleRate, _rate.BitRate));
                await _connection.SendTextAsync(NativeMessages.Write(started, _packets!));
                return;
            case SpeechEvent.Finished when _packets is not null:
                await SendAsync(_packets.Finish());
                Drop();
                break;
            case SpeechEvent.Cancelled or SpeechEvent.Failed:
                Drop();
                break;
        }

        await _connection.SendTextAsync(NativeMessages.Write(happened));
    }

    private async ValueTask SendAsync(IReadOnlyList<byte[]> packets)
    {
        foreach (var packet in packets)
        {
            await _connection.SendBinaryAsync(packet);
        }
    }

    private void Drop() => Interlocked.Exchange(ref _packets, null)?.Dispose();
}
