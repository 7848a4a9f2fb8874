using CosyOrleans.Frontend.Requests;
using CosyOrleans.Frontend.Speech;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>DashScope's speech over HTTP: as a whole in base64, or as server-sent events.</summary>
internal static class DashScopeSpeechApi
{
    public static void MapDashScopeSpeech(this IEndpointRouteBuilder app) => app.MapPost("/api/v1/services/audio/tts/SpeechSynthesizer", SpeakAsync)
        .WithMetadata(DashScopeErrors.Dialect)
        .ExcludeFromDescription();

    private static async Task<IResult> SpeakAsync(HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken)
    {
        var json = await RequestBody.ReadOpenAsync(request, cancellationToken);
        var input = json.In("input");
        var text = input.Text("text");
        // The fields stand beside the text, or where the WebSocket has them.
        var (asked, output, gain, isTimed) = DashScopeParameters.Read(json.IsGiven("parameters") ? json.In("parameters") : input);
        if (DashScopeTask.IsSsml(text ?? ""))
        {
            json.Wrong(DashScopeTask.Ssml.Message, DashScopeTask.Ssml.Solution);
        }

        if (gain != 1)
        {
            json.Wrong("volume is offered on the WebSocket only.", "Leave volume out, or give 50.");
        }

        var characters = BilledCharacters.Count(text ?? "");
        var streams = request.Headers["X-DashScope-SSE"] == "enable";
        asked = asked with { Text = text, SpeakerId = asked.SpeakerId ?? input.Text("voice"), Streaming = streams, Unreadable = json.Violations };
        var id = request.HttpContext.TraceIdentifier;
        return streams
            ? await SpokenEvents.BeginAsync(synthesis, asked, encoders, output, Words(id, characters, isTimed), cancellationToken)
            : await WholeAsync(synthesis, asked, encoders, output, id, characters, cancellationToken);
    }

    private static SpokenEvents.Words Words(string id, int characters, bool isTimed)
    {
        var index = 0;
        return new SpokenEvents.Words(
            sound => Answer(id, "null", sound, characters),
            _ => Answer(id, "stop", "", characters),
            (status, error) => DashScopeErrors.Dialect.Of(status, error, id))
        {
            Said = isTimed ? segment => DashScopeWord.Sentences(segment).Select(sentence => Sentence(id, index++, sentence.Text, sentence.Words, characters)) : null,
            Before = "event: result\n",
            BeforeFailure = "event: error\n",
        };
    }

    // As on the WebSocket; its sound came before.
    private static object Sentence(string id, int index, string text, IReadOnlyList<DashScopeWord> words, int characters) => new
    {
        request_id = id,
        output = new { type = "sentence-end", finish_reason = "null", sentence = new { index, words }, original_text = text, audio = new { data = "", url = "", id = $"audio_{id}" } },
        usage = new { characters },
    };

    private static async Task<IResult> WholeAsync(
        ISynthesis synthesis, SpeakRequest asked, AudioEncoders encoders, AudioOutput output, string id, int characters, CancellationToken cancellationToken)
    {
        using var encoder = asked.Unreadable.Count == 0 ? await encoders.OpenAsync(output) : throw SpeechException.Invalid(asked.Unreadable);
        await using var speech = await synthesis.SpeakAsync(asked, cancellationToken);
        var pieces = await encoder.Encode(speech, whole: true).ReadAllAsync(cancellationToken);
        byte[] sound = [.. pieces.SelectMany(piece => piece.ToArray())];
        return TypedResults.Json(Answer(id, "stop", Convert.ToBase64String(sound), characters));
    }

    // Nothing is kept here that an address could lead to.
    private static object Answer(string id, string reason, string sound, int characters) => new
    {
        request_id = id,
        output = new { finish_reason = reason, audio = new { data = sound, url = "", id = $"audio_{id}" } },
        usage = new { characters },
    };
}
