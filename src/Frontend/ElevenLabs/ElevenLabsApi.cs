using System.Globalization;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Frontend.Speech;
using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>/v1/text-to-speech, for clients made for ElevenLabs.</summary>
internal static class ElevenLabsApi
{
    private const int MaxMessageBytes = 1024 * 1024;
    private const int DefaultIdleSeconds = 20;
    private const int MaxIdleSeconds = 180;

    public static void MapElevenLabs(this IEndpointRouteBuilder app)
    {
        var speech = app.MapGroup("/v1/text-to-speech/{voice}").WithMetadata(ElevenLabsErrors.Dialect).ExcludeFromDescription();
        speech.MapPost("", (string voice, HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken) =>
            SpeakAsync(voice, false, request, synthesis, encoders, cancellationToken));
        speech.MapPost("/stream", (string voice, HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken) =>
            SpeakAsync(voice, true, request, synthesis, encoders, cancellationToken));
        speech.MapGet("/stream-input", ConnectAsync);
    }

    private static async Task<IResult> SpeakAsync(
        string voice, bool streams, HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken)
    {
        var json = await RequestBody.ReadOpenAsync(request, cancellationToken);
        var output = ElevenLabsFormat.Read(request.Query["output_format"]);
        var asked = new SpeakRequest
        {
            Text = json.Text("text"),
            SpeakerId = voice,
            Speed = json.In("voice_settings").Number("speed", SpeakLimits.MinSpeed, SpeakLimits.MaxSpeed),
            Seed = Seed(json.Integer("seed", 0, uint.MaxValue)),
            Streaming = streams,
            Unreadable = json.Violations,
        };
        return await SpeechResult.BeginAsync(synthesis, asked, encoders, output, cancellationToken);
    }

    private static Task ConnectAsync(string voice, HttpContext context, ISynthesis synthesis, AudioEncoders encoders, TimeProvider time, ILogger<SpeechSession> logger)
    {
        var query = context.Request.Query;
        var idle = Number(query["inactivity_timeout"]) is { } seconds ? Math.Clamp(seconds, 1, MaxIdleSeconds) : DefaultIdleSeconds;
        var request = new SpeakRequest { SpeakerId = voice, Seed = Seed(Number(query["seed"])) };
        string? format = query["output_format"];
        var isTimed = query["sync_alignment"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        return SpeechSockets.TalkAsync(
            context,
            MaxMessageBytes,
            connection => new ElevenLabsTalk(
                connection, request, () => ElevenLabsFormat.Read(format), isTimed, synthesis, encoders, TimeSpan.FromSeconds(idle), time, logger),
            "POST /v1/text-to-speech/{voice}/stream");
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Theirs go up to 4,294,967,295 and begin with 0; each still means one sound.
    private static long? Seed(long? theirs) => theirs is { } seed ? (seed % SpeakLimits.MaxSeed) + 1 : null;
}
