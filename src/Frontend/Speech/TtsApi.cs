using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Speech;

/// <summary>POST /tts: the service's own way to speak.</summary>
internal static class TtsApi
{
    // Two recordings in base64, and the rest.
    private const int MaxBodyBytes = RequestRecording.MaxBytes / 3 * 4 * 2 + 1024 * 1024;

    internal static readonly Field[] Fields =
    [
        new("text", FieldType.Text, "What to speak. Required, except in mode vc, which takes none."),
        new("speaker_id", FieldType.Text, "A voice of /v1/audio/voices; the server's default voice when left out and there is no reference_audio.")
        {
            FormAlias = "audio_path",
        },
        new(
            "mode",
            FieldType.Text,
            "sft: the voice as it is. zero_shot and cross_lingual: a voice made from a recording, with and without regard to its words; "
            + "the second for a text in another language. instruct: as emotion, dialect and instruction say. vc: what source_audio says, "
            + "in the voice. Left out: instruct where one of its fields is given, otherwise sft.")
        {
            Values = SpeakModes.Names,
        },
        new("stream", FieldType.Flag, "true: sound is sent while it is being generated. false: as a whole, with its length.")
        {
            Default = "true",
        },
        new("format", FieldType.Text, "pcm: 16-bit little-endian mono. ulaw and alaw: G.711 of telephones, a byte for each sample at 8000 Hz. flac, mp3, aac (in ADTS frames) and opus (in Ogg) need ffmpeg where the server runs. Left out: pcm for a stream, otherwise wav.")
        {
            Values = AudioFormats.Names,
        },
        SpeechFields.Speed,
        SpeechFields.Seed,
        new("task_id", FieldType.Text, "Your name for this speech: up to 64 letters, digits, '.', '_' and '-'. Returned in X-Task-Id."),
        SoundFields.SampleRate,
        new(
            "reference_audio",
            FieldType.Text,
            "Instead of speaker_id: a recording of the voice, in base64. 1 to 30 seconds of one person, best 3 to 15, at 16 kHz or more; "
            + "WAV, or where ffmpeg is installed anything that it reads. X-Warning says what could be better about it."),
        new("reference_text", FieldType.Text, "What is said in reference_audio, word for word. Without it the voice is less alike; zero_shot needs it."),
        new("source_audio", FieldType.Text, "In mode vc: the recording that is to be said in the voice, in base64. 0.1 to 30 seconds."),
        new("instruction", FieldType.Text, $"How to speak, in your own words (up to 500 characters) or one of {string.Join(", ", SpokenInstruction.Manners)}."),
        new("emotion", FieldType.Text, "The emotion to speak with.") { Values = SpokenInstruction.Emotions },
        new("dialect", FieldType.Text, "The Chinese dialect to speak.") { Values = SpokenInstruction.Dialects },
    ];

    public static void MapTts(this IEndpointRouteBuilder app) => app.MapPost("/tts", SpeakAsync)
        .WithName("Speak")
        .WithTags("Speech")
        .WithSummary("Speaks a text")
        .DescribeSpeech(Fields, formToo: true);

    private static async Task<IResult> SpeakAsync(HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken)
    {
        var values = await RequestBody.ReadAsync(request, Fields, formToo: true, cancellationToken, MaxBodyBytes);
        var stream = values.Flag("stream") ?? true;
        var output = await SoundFields.ReadAsync(values, "format", stream ? AudioFormat.Pcm : AudioFormat.Wav, encoders);
        return await SpeechResult.BeginAsync(synthesis, Request(values, stream), encoders, output, cancellationToken);
    }

    /// <summary>What the fields ask for.</summary>
    internal static SpeakRequest Request(FieldValues values, bool stream) => new()
    {
        Mode = values.Text("mode"),
        Text = values.Text("text"),
        SpeakerId = values.Text("speaker_id"),
        Speed = values.Number("speed"),
        Seed = values.Integer("seed"),
        Streaming = stream,
        TaskId = values.Text("task_id"),
        ReferenceAudio = values.Text("reference_audio"),
        ReferenceText = values.Text("reference_text"),
        SourceAudio = values.Text("source_audio"),
        Instruction = values.Text("instruction"),
        Emotion = values.Text("emotion"),
        Dialect = values.Text("dialect"),
        Unreadable = values.Violations,
    };
}
