using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>Whole messages over a WebSocket: one reader, any number of senders, which wait for each other and for a slow client.</summary>
/// <param name="maxMessageBytes">Of a message from the client.</param>
/// <param name="goodbye">How long a client has for its answer to <see cref="CloseAsync"/>.</param>
internal sealed class SocketConnection(WebSocket socket, int maxMessageBytes, TimeSpan goodbye, CancellationToken aborted) : IDisposable
{
    private const int ReadBytes = 4096;

    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);

    /// <summary>Cancelled as soon as nothing can be said to the client any more.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>The next message; null when the client has closed, or is gone.</summary>
    /// <exception cref="InvalidDataException">The message is too large.</exception>
    public async ValueTask<(bool IsText, ReadOnlyMemory<byte> Content)?> ReadAsync()
    {
        var content = new ArrayBufferWriter<byte>(ReadBytes);
        try
        {
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(content.GetMemory(ReadBytes), Gone);
                content.Advance(part.Count);
                if (content.WrittenCount > maxMessageBytes)
                {
                    throw new InvalidDataException($"A message has more than {maxMessageBytes} bytes.");
                }
            }
            while (!part.EndOfMessage);

            return part.MessageType == WebSocketMessageType.Close ? null : (part.MessageType == WebSocketMessageType.Text, content.WrittenMemory);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            return null;
        }
    }

    public ValueTask SendTextAsync(ReadOnlyMemory<byte> json) => SendAsync(json, WebSocketMessageType.Text);

    /// <summary>Sends bytes as they are.</summary>
    public ValueTask SendBinaryAsync(ReadOnlyMemory<byte> content) => SendAsync(content, WebSocketMessageType.Binary);

    /// <summary>Sends samples as 16-bit little-endian.</summary>
    public async ValueTask SendSamplesAsync(ReadOnlyMemory<short> samples)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(sizeof(short) * samples.Length);
        try
        {
            for (var i = 0; i < samples.Length; i++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(sizeof(short) * i), samples.Span[i]);
            }

            await SendAsync(bytes.AsMemory(0, sizeof(short) * samples.Length), WebSocketMessageType.Binary);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Says goodbye, if anybody is there; the client's answer ends <see cref="ReadAsync"/>.</summary>
    public async ValueTask CloseAsync(WebSocketCloseStatus status, string reason)
    {
        try
        {
            await _sending.WaitAsync(Gone);
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(status, reason, Gone);
                    _gone.CancelAfter(goodbye); // Nobody is pinged any more.
                }
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Nobody is there any more.
        }
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _sending.Dispose();
    }

    /// <summary>Sends JSON and the bytes that belong to it, with nothing between them.</summary>
    public async ValueTask SendPairAsync(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> content)
    {
        await _sending.WaitAsync(Gone);
        await SendAllAsync((json, WebSocketMessageType.Text), (content, WebSocketMessageType.Binary));
    }

    /// <exception cref="OperationCanceledException">Nobody is there any more.</exception>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> content, WebSocketMessageType type)
    {
        await _sending.WaitAsync(Gone);
        await SendAllAsync((content, type));
    }

    // Whoever calls has the right to send, which ends here.
    private async ValueTask SendAllAsync(params (ReadOnlyMemory<byte> Content, WebSocketMessageType Type)[] messages)
    {
        try
        {
            foreach (var (content, type) in messages)
            {
                await socket.SendAsync(content, type, endOfMessage: true, Gone);
            }
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException)
        {
            await _gone.CancelAsync();
            throw new OperationCanceledException("The client is gone.", e, Gone);
        }
        finally
        {
            _sending.Release();
        }
    }
}
