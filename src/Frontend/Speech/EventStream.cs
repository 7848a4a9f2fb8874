using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CosyOrleans.Frontend.Speech;

/// <summary>Server-sent events whose data is JSON.</summary>
internal sealed class EventStream(HttpResponse response)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Begin()
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // Proxies would collect what is to be heard at once.
    }

    /// <param name="before">Lines of the event before its data, each with its end.</param>
    public async Task SendAsync(object data, string before, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"{before}data: {JsonSerializer.Serialize(data, Json)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
