using System.ComponentModel;
using System.Text.Json.Serialization;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Enrolment;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>/v1/audio/enrolment: whether voices can be made from recordings, for whoever is about to record one.</summary>
internal static class EnrolmentApi
{
    public static void MapEnrolment(this IEndpointRouteBuilder catalogue) => catalogue.MapGet("/audio/enrolment", FindAsync)
        .WithName("GetEnrolment").WithSummary("Whether the model can make voices from recordings").DescribeErrors(500, 503);

    private static async Task<Enrolment> FindAsync(IVoices voices, CancellationToken cancellationToken)
    {
        try
        {
            await voices.CheckEnrolmentAsync(cancellationToken);
            return new Enrolment(true, RecordingCheck.ShortestSeconds, RecordingCheck.LongestSeconds);
        }
        catch (SpeechException e) when (e.Code == SpeechErrorCodes.EnrolmentUnavailable)
        {
            return new Enrolment(false, RecordingCheck.ShortestSeconds, RecordingCheck.LongestSeconds) { Message = e.Message, Solution = e.Solution };
        }
    }

    private sealed record Enrolment(
        bool Available,
        [property: JsonPropertyName("min_seconds")] [property: Description("The shortest recording that is taken.")] double MinSeconds,
        [property: JsonPropertyName("max_seconds")] [property: Description("The longest recording that is taken.")] double MaxSeconds)
    {
        [Description("Why not.")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Message { get; init; }

        [Description("What can be done about it.")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Solution { get; init; }
    }
}
