using System.ComponentModel;
using System.Text.Json.Serialization;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Frontend.Speech;
using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Alignment;

/// <summary>POST /tts/timestamps: the sound of a text together with when each of its words is said.</summary>
internal static class TimestampsApi
{
    private static readonly Field[] Fields = [.. TtsApi.Fields.Where(field => field.Name != "stream")];

    public static void MapTimestamps(this IEndpointRouteBuilder app)
    {
        var endpoint = app.MapPost("/tts/timestamps", SpeakAsync).WithName("SpeakWithTimestamps").WithTags("Speech")
            .WithSummary("Speaks a text and says when: segments to the sample, words by an estimate").Produces<TimedSpeech>();
        endpoint.DescribeErrors(400, 413, 415, 429, 500, 503);
        endpoint.DescribeBody(Fields);
    }

    private static async Task<TimedSpeech> SpeakAsync(HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken)
    {
        var values = await RequestBody.ReadAsync(request, Fields, formToo: false, cancellationToken);
        var output = await SoundFields.ReadAsync(values, "format", AudioFormat.Wav, encoders);
        if (values.Violations.Count > 0)
        {
            throw SpeechException.Invalid(values.Violations);
        }

        using var encoder = await encoders.OpenAsync(output);
        var aligned = new AlignedSpeech(await synthesis.SpeakAsync(TtsApi.Request(values, stream: false), cancellationToken));
        await using var speech = aligned.Speech;
        var sound = encoder.Encode(speech, whole: true);
        var pieces = await sound.ReadAllAsync(cancellationToken);
        var bytes = new byte[pieces.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(bytes.AsMemory(at));
            at += piece.Length;
        }

        return new TimedSpeech(
            speech.Details.TaskId, speech.Details.VoiceId, speech.Details.Seed, sound.SampleRate, sound.Seconds, bytes,
            [.. aligned.Segments.Select(segment => new TimedSegment(
                segment.Text, Rounded(segment.Begin), Rounded(segment.End), [.. segment.Words.Select(word => new TimedWord(word.Text, Rounded(word.Begin), Rounded(word.End)))]))]);
    }

    // Tenths of a millisecond; the words' own error is a thousand times that.
    private static double Rounded(double seconds) => Math.Round(seconds, 4);

    private sealed record TimedSpeech(
        [property: JsonPropertyName("task_id")] string TaskId,
        string Voice,
        int Seed,
        [property: JsonPropertyName("sample_rate")] int SampleRate,
        [property: Description("Length of the sound.")] double Seconds,
        [property: Description("The sound in the format that was asked for, in base64.")] byte[] Audio,
        IReadOnlyList<TimedSegment> Segments);

    private sealed record TimedSegment(
        [property: Description("As it was read out: numbers in words.")] string Text,
        [property: Description("Seconds; exact.")] double Begin,
        double End,
        IReadOnlyList<TimedWord> Words);

    private sealed record TimedWord(string Text, [property: Description("Seconds; estimated.")] double Begin, double End);
}
