using System.Text.Encodings.Web;
using System.Text.Json;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>
/// The JSON messages of ElevenLabs' stream-input. Of voice_settings only the speed means anything to the model;
/// generation_config is about when to speak, which the reading of sentences decides here.
/// </summary>
internal static class ElevenLabsMessages
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="RequestException">It is no JSON object.</exception>
    /// <exception cref="SpeechException">It makes no sense.</exception>
    public static ElevenLabsMessage Read(ReadOnlyMemory<byte> message)
    {
        var json = OpenJson.Parse(message);
        var text = json.Text("text");
        var flush = json.Flag("flush") ?? false;
        var speed = json.In("voice_settings").Number("speed", SpeakLimits.MinSpeed, SpeakLimits.MaxSpeed);
        if (text is null && !flush && json.Violations.Count == 0)
        {
            json.Wrong("text is missing.", "Give text; an empty one ends the speech.");
        }

        json.ThrowIfWrong();
        return new ElevenLabsMessage(text, flush, speed);
    }

    /// <summary>A piece of sound.</summary>
    /// <param name="alignment">Null where it is not known. What is told is the text as it was read out, in both places.</param>
    public static byte[] Sound(ReadOnlyMemory<byte> sound, ElevenLabsAlignment? alignment) => JsonSerializer.SerializeToUtf8Bytes(
        new { audio = Convert.ToBase64String(sound.Span), isFinal = (bool?)null, normalizedAlignment = alignment, alignment }, Json);

    public static byte[] Final() => JsonSerializer.SerializeToUtf8Bytes(
        new { audio = (string?)null, isFinal = true, normalizedAlignment = (object?)null, alignment = (object?)null }, Json);

    /// <param name="code">With which the connection is then closed.</param>
    public static byte[] Failed(ErrorBody error, int code) => JsonSerializer.SerializeToUtf8Bytes(
        new { message = ErrorDialect.Sentence(error), error = error.Error.ToLowerInvariant(), code }, Json);
}

/// <param name="Text">Null: none was sent; empty: that was all of it.</param>
/// <param name="Flush">Whether what there is is to be spoken now.</param>
/// <param name="Speed">Of the first message; later ones do not count.</param>
internal readonly record struct ElevenLabsMessage(string? Text, bool Flush, double? Speed);
