using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>/api-ws/v1/inference, for clients made for DashScope's CosyVoice.</summary>
internal static class DashScopeSocketApi
{
    // 20,000 characters, each of which JSON may write with twelve bytes.
    private const int MaxMessageBytes = 512 * 1024;

    // A slash at the end is the same route.
    public static void MapDashScopeSocket(this IEndpointRouteBuilder app) => app.MapGet("/api-ws/v1/inference", ConnectAsync).ExcludeFromDescription();

    private static Task ConnectAsync(HttpContext context, ISynthesis synthesis, AudioEncoders encoders, TimeProvider time, ILogger<SpeechSession> logger) =>
        SpeechSockets.TalkAsync(
            context,
            MaxMessageBytes,
            connection => new DashScopeTalk(
                connection.SendTextAsync, connection.SendPairAsync, synthesis, encoders, time, logger, connection.Gone),
            "POST /api/v1/services/audio/tts/SpeechSynthesizer");
}
