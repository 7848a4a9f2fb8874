using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Frontend.Speech;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>The service's own messages: JSON objects with a type from the client, with an event to it; sound is binary.</summary>
internal static class NativeMessages
{
    private const string Types = "start, text, flush, end, cancel or buffer";

    private static readonly Field Type = new("type", FieldType.Text, $"What the message is: {Types}.") { Required = true };
    private static readonly Field Text = new("text", FieldType.Text, "More of the text.") { Required = true };

    private static readonly Field Milliseconds = new("milliseconds", FieldType.Integer, $"Of sound that was received and not yet played: 0 to {BufferBitRate.MaxMilliseconds}.") { Required = true };

    // The beginning of the text may come along; everything streams.
    private static readonly Field[] Start = [Type, .. TtsApi.Fields.Where(field => field.Name is not ("stream" or "source_audio"))];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Nothing has to be escaped for HTML.
    };

    /// <exception cref="RequestException">It is no JSON object.</exception>
    /// <exception cref="SpeechException">Its fields are not those of a message.</exception>
    public static SpeechCommand Read(ReadOnlyMemory<byte> message)
    {
        var type = TypeOf(message.Span);
        var values = new FieldValues(FieldsOf(type));
        JsonFields.Read(message, values);
        values.Complete();
        if (type == "start")
        {
            return Begin(values);
        }

        if (type is not (null or "text" or "flush" or "end" or "cancel" or "buffer"))
        {
            throw RequestException.Malformed($"There is no message of type {Quoted.Value(type)}.", $"Give the type {Types}.");
        }

        if (values.Integer("milliseconds") is < 0 or > BufferBitRate.MaxMilliseconds)
        {
            values.Wrong(SpeechErrorCodes.RequestInvalid, "milliseconds is outside its range.", $"Give milliseconds from 0 to {BufferBitRate.MaxMilliseconds}.");
        }

        if (values.Violations.Count > 0)
        {
            throw SpeechException.Invalid(values.Violations);
        }

        return type switch
        {
            "text" => new SpeechCommand.Append(values.Text("text")!),
            "flush" => new SpeechCommand.Flush(),
            "end" => new SpeechCommand.End(),
            "buffer" => new SpeechCommand.Buffer((int)values.Integer("milliseconds")!.Value),
            _ => new SpeechCommand.Cancel(),
        };
    }

    /// <summary>The message for an event; sound has none, it is sent as it is.</summary>
    public static byte[] Write(SpeechEvent happened) => JsonSerializer.SerializeToUtf8Bytes(Fields(happened), Json);

    /// <summary>The message for a speech that begins and is sent as packets.</summary>
    public static byte[] Write(SpeechEvent.Started started, OpusPackets packets) =>
        JsonSerializer.SerializeToUtf8Bytes(Started(started.Details, "opus", packets.SampleRate, packets.PreSkip), Json);

    /// <summary>The message for one from the client that could not be read.</summary>
    public static byte[] Write(ErrorBody error) => JsonSerializer.SerializeToUtf8Bytes(Fields("error", null, error, null), Json);

    private static object Fields(SpeechEvent happened)
    {
        switch (happened)
        {
            case SpeechEvent.Started { Details: var speech }:
                return Started(speech, "pcm", speech.SampleRate, null);
            case SpeechEvent.Finished finished:
                var seconds = Math.Round((double)finished.Samples / finished.Details.SampleRate, 3);
                return new { Event = "finished", finished.Details.TaskId, finished.Samples, Seconds = seconds, finished.Characters };
            case SpeechEvent.Cancelled cancelled:
                return new { Event = "cancelled", cancelled.TaskId };
            case SpeechEvent.Failed { Error: var error } failed:
                return Fields("failed", failed.TaskId, HttpErrors.BodyOf(error), error.RetryAfter);
            case SpeechEvent.Rejected { Error: var error }:
                return Fields("error", null, HttpErrors.BodyOf(error), error.RetryAfter);
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened, "There is no message for this.");
        }
    }

    private static object Started(Service.Synthesis.SpeechDetails speech, string format, int sampleRate, int? preSkip) => new
    {
        Event = "started", speech.TaskId, Voice = speech.VoiceId, speech.VoiceVersion, speech.Seed, Format = format, SampleRate = sampleRate, Channels = 1,
        speech.Warnings, PreSkip = preSkip,
    };

    private static object Fields(string name, string? task, ErrorBody error, TimeSpan? retryAfter) => new
    {
        Event = name,
        TaskId = task is { Length: <= Service.Synthesis.SpeakLimits.MaxTaskIdLength } ? task : null,
        error.Error,
        error.Message,
        error.Solution,
        RetryAfter = retryAfter is { } after ? (double?)Math.Ceiling(after.TotalSeconds) : null,
    };

    private static SpeechCommand.Begin Begin(FieldValues values)
    {
        var isOpus = values.Text("format") == "opus";
        var problem = values.Text("format") is { } format and not ("pcm" or "opus")
            ? new Violation(SpeechErrorCodes.NotOffered, $"On this connection formats are pcm and opus, not {Quoted.Value(format)}.", "Leave format out for pcm, or give opus.")
            : isOpus ? OpusPackets.WhyNot() ?? AudioOutput.CheckRate(AudioFormat.Opus, values.Integer("sample_rate")) : null;
        if (problem is not null)
        {
            values.Wrong(problem.Code, problem.Message, problem.Solution);
        }

        var rate = values.Integer("sample_rate");
        // What is wrong with the fields is found together with what the model says about them.
        var request = TtsApi.Request(values, stream: true) with { Text = null, SampleRate = isOpus ? null : rate };
        return new SpeechCommand.Begin(request, values.Text("text"))
        {
            Format = isOpus ? AudioFormat.Opus : AudioFormat.Pcm,
            SampleRate = isOpus && problem is null ? (int?)rate : null,
        };
    }

    private static Field[] FieldsOf(string? type) => type switch
    {
        "text" => [Type, Text],
        "flush" or "end" or "cancel" => [Type],
        "buffer" => [Type, Milliseconds],
        _ => Start,
    };

    private static string? TypeOf(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = 8 });
            for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName; reader.Skip())
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What is wrong with it is said where all of it is read.
        }

        return null;
    }
}
