using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>/v1/tts/ws: texts that are spoken while they are being written, one after another on a connection.</summary>
internal static class SpeechSocketApi
{
    // A recording in base64, and the rest.
    private const int MaxMessageBytes = (RequestRecording.MaxBytes / 3 * 4) + (1024 * 1024);

    public static void MapSpeechSocket(this IEndpointRouteBuilder app) => app.MapGet("/v1/tts/ws", ConnectAsync).ExcludeFromDescription();

    private static Task ConnectAsync(HttpContext context, ISynthesis synthesis, SocketOptions options, TimeProvider time, ILogger<SpeechSession> logger) =>
        SpeechSockets.TalkAsync(
            context,
            MaxMessageBytes,
            connection => new NativeTalk(connection, synthesis, TimeSpan.FromSeconds(options.TextIdleSeconds), time, logger),
            "POST /tts");
}
