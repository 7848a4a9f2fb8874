using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Speech;

/// <summary>POST /v1/audio/speech, for clients made for OpenAI's speech API.</summary>
internal static class OpenAiSpeechApi
{
    // Names under which existing clients ask for "the speech model".
    private static readonly string[] UsualModels = ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"];

    private static readonly Field[] Fields =
    [
        new("model", FieldType.Text, "The model of /v1/models, or tts-1, tts-1-hd or gpt-4o-mini-tts for whichever is loaded."),
        new("input", FieldType.Text, "What to speak.") { Required = true },
        new("voice", FieldType.Reference, "A voice of /v1/audio/voices, as text or as {\"id\": …}.") { Required = true },
        new("response_format", FieldType.Text, "mp3 (default, as OpenAI has it), opus (in Ogg), aac, pcm (16-bit little-endian mono), ulaw and alaw (G.711, 8000 Hz) are streamed while they are being generated; "
            + "wav and flac come as a whole, with their length. mp3, opus, aac and flac need ffmpeg where the server runs.")
        {
            Values = AudioFormats.Names,
            Default = "\"mp3\"",
        },
        SpeechFields.Speed,
        new("stream_format", FieldType.Text, "audio: the bytes themselves. sse: server-sent events speech.audio.delta with base64, at the end speech.audio.done with the usage "
            + "(characters of the text in, speech tokens of 40 ms out); not with flac.")
        {
            Values = ["audio", "sse"],
            Default = "\"audio\"",
        },
        new("instructions", FieldType.Text, "How to speak, in your own words (up to 500 characters)."),
        SpeechFields.Seed,
        SoundFields.SampleRate,
    ];

    public static void MapOpenAiSpeech(this IEndpointRouteBuilder app) => app.MapPost("/v1/audio/speech", SpeakAsync)
        .WithName("OpenAiSpeech")
        .WithTags("OpenAI")
        .WithSummary("Speaks a text, as OpenAI's speech API does")
        .WithMetadata(OpenAiErrors.Dialect)
        .DescribeSpeech(Fields, formToo: false);

    private static async Task<IResult> SpeakAsync(
        HttpRequest request, ISynthesis synthesis, INodes nodes, AudioEncoders encoders, CancellationToken cancellationToken)
    {
        var values = await RequestBody.ReadAsync(request, Fields, formToo: false, cancellationToken);
        var output = await SoundFields.ReadAsync(values, "response_format", AudioFormat.Mp3, encoders);
        CheckModel(values, await nodes.ListAsync(cancellationToken));
        var isEvents = IsEvents(values);
        if (isEvents && output.Format == AudioFormat.Flac)
        {
            values.Wrong(SpeechErrorCodes.NotOffered, "stream_format sse is not offered with flac.", "Give another response_format, or stream_format audio.");
        }

        var asked = new SpeakRequest
        {
            Text = values.Text("input"),
            SpeakerId = values.Text("voice"),
            Speed = values.Number("speed"),
            Instruction = values.Text("instructions"),
            Seed = values.Integer("seed"),
            Streaming = isEvents || output.Format is not (AudioFormat.Wav or AudioFormat.Flac),
            Unreadable = values.Violations,
        };
        return isEvents
            ? await SpokenEvents.BeginAsync(synthesis, asked, encoders, output, Words(asked.Text?.Length ?? 0), cancellationToken)
            : await SpeechResult.BeginAsync(synthesis, asked, encoders, output, cancellationToken);
    }

    private static SpokenEvents.Words Words(int characters) => new(
        audio => new { type = "speech.audio.delta", audio },
        tokens => new { type = "speech.audio.done", usage = new { input_tokens = characters, output_tokens = tokens, total_tokens = characters + tokens } },
        (status, error) => OpenAiErrors.Of(status, error));

    private static void CheckModel(FieldValues values, IReadOnlyList<NodeStatus> nodes)
    {
        var model = values.Text("model");
        if (model is null || UsualModels.Contains(model) || nodes.Any(node => node.Model == model))
        {
            return;
        }

        var loaded = Quoted.List([.. nodes.Select(node => node.Model).OfType<string>().Distinct()]);
        values.Wrong(
            "MODEL_UNKNOWN",
            $"There is no model {Quoted.Value(model)}.",
            $"Leave model out, or give one of {loaded}, {Quoted.List(UsualModels)}.");
    }

    private static bool IsEvents(FieldValues values)
    {
        var format = values.Text("stream_format");
        if (format is not (null or "audio" or "sse"))
        {
            values.Wrong(SpeechErrorCodes.RequestInvalid, $"stream_format {Quoted.Value(format)} is unknown.", "Give audio or sse.");
        }

        return format == "sse";
    }
}
