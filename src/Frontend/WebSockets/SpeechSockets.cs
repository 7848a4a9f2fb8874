using System.Net.WebSockets;
using CosyOrleans.Frontend.Errors;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>What connections have in common, whatever their protocol: how they begin, how messages are taken, how they end.</summary>
internal static class SpeechSockets
{
    /// <param name="maxMessageBytes">Of a message from the client.</param>
    /// <param name="begin">The protocol, on a connection that has just been accepted.</param>
    /// <param name="otherwise">What to use instead, for who comes without asking for a WebSocket.</param>
    public static async Task TalkAsync(HttpContext context, int maxMessageBytes, Func<SocketConnection, ISocketTalk> begin, string otherwise)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new RequestException(StatusCodes.Status426UpgradeRequired, new ErrorBody(
                "WEBSOCKET_EXPECTED", "This address takes WebSocket connections only.", $"Connect with ws://, or use {otherwise} for texts that are complete."));
        }

        var options = context.RequestServices.GetRequiredService<SocketOptions>();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = TimeSpan.FromSeconds(options.PingSeconds),
            KeepAliveTimeout = TimeSpan.FromSeconds(options.GoneSeconds),
        });
        using var connection = new SocketConnection(socket, maxMessageBytes, TimeSpan.FromSeconds(options.GoodbyeSeconds), context.RequestAborted);
        await using var talk = begin(connection);
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        await using var stopping = lifetime.ApplicationStopping.Register(() => _ = StopAsync(connection, talk));
        await ConverseAsync(connection, talk);
    }

    private static async Task ConverseAsync(SocketConnection connection, ISocketTalk talk)
    {
        try
        {
            while (await connection.ReadAsync() is { } message)
            {
                await talk.TakeAsync(message.IsText, message.Content);
            }

            await talk.StopAsync();
            await connection.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
        }
        catch (InvalidDataException e)
        {
            await connection.CloseAsync(WebSocketCloseStatus.MessageTooBig, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The client is gone.
        }
    }

    // What is being spoken is finished; who says nothing is not waited for.
    private static async Task StopAsync(SocketConnection connection, ISocketTalk talk)
    {
        await talk.Speaking;
        await connection.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.");
    }
}
