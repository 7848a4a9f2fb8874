using System.Net.WebSockets;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>/v1/tts/ws: texts that are spoken while they are being written, one after another on a connection.</summary>
internal static class SpeechSocketApi
{
    // A recording in base64, and the rest.
    private const int MaxMessageBytes = (RequestRecording.MaxBytes / 3 * 4) + (1024 * 1024);

    public static void MapSpeechSocket(this IEndpointRouteBuilder app) => app.MapGet("/v1/tts/ws", ConnectAsync).ExcludeFromDescription();

    private static async Task ConnectAsync(
        HttpContext context, ISynthesis synthesis, SocketOptions options, TimeProvider time, ILogger<SpeechSession> logger, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new RequestException(StatusCodes.Status426UpgradeRequired, new ErrorBody(
                "WEBSOCKET_EXPECTED", "This address takes WebSocket connections only.", "Connect with ws://, or use POST /tts for texts that are complete."));
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = TimeSpan.FromSeconds(options.PingSeconds),
            KeepAliveTimeout = TimeSpan.FromSeconds(options.GoneSeconds),
        });
        using var connection = new SocketConnection(socket, MaxMessageBytes, context.RequestAborted);
        await using var session = new SpeechSession(
            synthesis, happened => TellAsync(connection, happened), TimeSpan.FromSeconds(options.TextIdleSeconds), time, logger, connection.Gone);
        await using var stopping = lifetime.ApplicationStopping.Register(() => _ = StopAsync(connection, session));
        await ConverseAsync(connection, session);
    }

    private static async Task ConverseAsync(SocketConnection connection, SpeechSession session)
    {
        try
        {
            while (await connection.ReadAsync() is { } message)
            {
                await TakeAsync(connection, session, message.IsText, message.Content);
            }

            await session.StopAsync();
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

    private static async ValueTask TakeAsync(SocketConnection connection, SpeechSession session, bool isText, ReadOnlyMemory<byte> message)
    {
        try
        {
            await session.TakeAsync(isText ? NativeMessages.Read(message)
                : throw RequestException.Malformed("The message is binary; clients send JSON.", "Send it as a text message."));
        }
        catch (RequestException e)
        {
            await connection.SendTextAsync(NativeMessages.Write(e.Body));
        }
        catch (SpeechException e)
        {
            await connection.SendTextAsync(NativeMessages.Write(new SpeechEvent.Rejected(e)));
        }
    }

    private static ValueTask TellAsync(SocketConnection connection, SpeechEvent happened) => happened is SpeechEvent.Sound sound
        ? connection.SendSamplesAsync(sound.Frame.Samples)
        : connection.SendTextAsync(NativeMessages.Write(happened));

    // What is being spoken is finished; who says nothing is not waited for.
    private static async Task StopAsync(SocketConnection connection, SpeechSession session)
    {
        await session.Speaking;
        await connection.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.");
    }
}
