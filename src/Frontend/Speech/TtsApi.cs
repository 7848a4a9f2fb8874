using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Speech;

/// <summary>POST /tts: the service's own way to speak.</summary>
internal static class TtsApi
{
    private static readonly Field[] Fields =
    [
        new("text", FieldType.Text, "What to speak.") { Required = true },
        new("speaker_id", FieldType.Text, "A voice of /v1/audio/voices; the server's default voice when left out.")
        {
            FormAlias = "audio_path",
        },
        new("mode", FieldType.Text, "How the voice is made.") { Values = ["sft"], Default = "\"sft\"" },
        new("stream", FieldType.Flag, "true: sound is sent while it is being generated. false: as a whole, with its length.")
        {
            Default = "true",
        },
        new("format", FieldType.Text, "pcm (16-bit little-endian mono) or wav. Left out: pcm for a stream, otherwise wav.")
        {
            Values = AudioFormats.Names,
        },
        SpeechFields.Speed,
        SpeechFields.Seed,
        new("task_id", FieldType.Text, "Your name for this speech: up to 64 letters, digits, '.', '_' and '-'. Returned in X-Task-Id."),
        new("sample_rate", FieldType.Integer, "Only the model's own rate is offered yet."),
        new("reference_audio", FieldType.Text, "Not offered yet."),
        new("reference_text", FieldType.Text, "Not offered yet."),
        new("emotion", FieldType.Text, "Not offered yet, except neutral."),
        new("dialect", FieldType.Text, "Not offered yet."),
    ];

    public static void MapTts(this IEndpointRouteBuilder app) => app.MapPost("/tts", SpeakAsync)
        .WithName("Speak")
        .WithTags("Speech")
        .WithSummary("Speaks a text")
        .DescribeSpeech(Fields, formToo: true);

    private static async Task<IResult> SpeakAsync(HttpRequest request, ISynthesis synthesis, CancellationToken cancellationToken)
    {
        var values = await RequestBody.ReadAsync(request, Fields, formToo: true, cancellationToken);
        var stream = values.Flag("stream") ?? true;
        var format = AudioFormats.Read(values, "format", stream ? AudioFormat.Pcm : AudioFormat.Wav);
        var asked = new SpeakRequest
        {
            Mode = values.Text("mode"),
            Text = values.Text("text"),
            SpeakerId = values.Text("speaker_id"),
            Speed = values.Number("speed"),
            Seed = values.Integer("seed"),
            Streaming = stream,
            TaskId = values.Text("task_id"),
            SampleRate = values.Integer("sample_rate"),
            ReferenceAudio = values.Text("reference_audio"),
            ReferenceText = values.Text("reference_text"),
            Emotion = values.Text("emotion"),
            Dialect = values.Text("dialect"),
            Unreadable = values.Violations,
        };
        return new SpeechResult(await synthesis.SpeakAsync(asked, cancellationToken), format, stream);
    }
}
