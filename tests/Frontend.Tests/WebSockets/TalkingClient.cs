using System.Net.WebSockets;
using System.Text.Json;

namespace CosyOrleans.Frontend.Tests.WebSockets;

/// <summary>A client of one of the server's WebSockets.</summary>
internal sealed class TalkingClient(ClientWebSocket socket) : IDisposable
{
    // Thousands may be waiting for their turn on a machine that is busy with something else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public ClientWebSocket Socket => socket;

    public static async Task<TalkingClient> ConnectAsync(Uri server, string path = "/v1/tts/ws")
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(server, path)) { Scheme = "ws" }.Uri, default);
        return new TalkingClient(socket);
    }

    public Task SendAsync(object message) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text);

    public Task SendAsync(byte[] message, WebSocketMessageType type) => socket.SendAsync(message, type, endOfMessage: true, default);

    /// <summary>The next message: an event, or sound; neither when the server has closed.</summary>
    public async Task<(JsonElement? Event, byte[]? Sound)> ReadAsync()
    {
        using var content = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, default).WaitAsync(Patience);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return (null, null);
            }

            content.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return part.MessageType == WebSocketMessageType.Text
                    ? (JsonDocument.Parse(content.ToArray()).RootElement, null)
                    : (null, content.ToArray());
            }
        }
    }

    /// <summary>The next event, which must have that name.</summary>
    public async Task<JsonElement> EventAsync(string name)
    {
        var (happened, _) = await ReadAsync();
        Assert.Equal(name, happened?.GetProperty("event").GetString());
        return happened!.Value;
    }

    /// <summary>All sound up to the next event, which must have that name.</summary>
    public async Task<(byte[] Sound, JsonElement Event)> SoundUntilAsync(string name)
    {
        using var sound = new MemoryStream();
        while (true)
        {
            var (happened, samples) = await ReadAsync();
            if (samples is null)
            {
                Assert.Equal(name, happened?.GetProperty("event").GetString());
                return (sound.ToArray(), happened!.Value);
            }

            sound.Write(samples);
        }
    }

    public void Dispose() => socket.Dispose();
}
