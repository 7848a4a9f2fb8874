using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CosyOrleans.Frontend.Feedback;

/// <summary>POST /v1/feedback: how good a speech was, from whoever heard it.</summary>
internal static class FeedbackApi
{
    private const int LongestComment = 500;

    private static readonly Field[] Fields =
    [
        new("task_id", FieldType.Text, "The speech, as X-Task-Id named it.") { Required = true },
        new("score", FieldType.Integer, "1 (bad) to 5 (like a person).") { Required = true, Minimum = 1, Maximum = 5 },
        new("comment", FieldType.Text, $"What was good or wrong, in up to {LongestComment} characters."),
    ];

    public static void AddFeedback(this IServiceCollection services)
    {
        services.AddSingleton<FeedbackBook>();
        services.AddSingleton<FeedbackInstruments>();
    }

    public static void MapFeedback(this IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<FeedbackInstruments>();
        var endpoint = app.MapPost("/v1/feedback", TakeAsync).WithName("GiveFeedback").WithTags("Operations")
            .WithSummary("Says how good a speech was; whoever runs the server sees it in feedback/*.jsonl and in the metrics");
        endpoint.DescribeErrors(400, 413, 415, 500);
        endpoint.DescribeBody(Fields);
    }

    private static async Task<NoContent> TakeAsync(
        HttpRequest request, FeedbackBook book, FeedbackInstruments instruments, CancellationToken cancellationToken)
    {
        var values = await RequestBody.ReadAsync(request, Fields, formToo: false, cancellationToken);
        var (task, score, comment) = (values.Text("task_id"), values.Integer("score"), values.Text("comment"));
        if (task is not null && !IsTask(task))
        {
            values.Wrong(
                SpeechErrorCodes.RequestInvalid,
                $"task_id {Quoted.Value(task)} is not the name of a speech.",
                $"Give what X-Task-Id said: 1 to {SpeakLimits.MaxTaskIdLength} letters, digits, '.', '_' or '-'.");
        }

        if (score is < 1 or > 5)
        {
            values.Wrong(SpeechErrorCodes.RequestInvalid, $"score is {score}, outside 1 to 5.", "Give a whole number from 1 to 5.");
        }

        if (comment?.Length > LongestComment)
        {
            values.Wrong(SpeechErrorCodes.RequestInvalid, $"comment has {comment.Length} characters; at most {LongestComment} are kept.", "Say it in fewer words.");
        }

        if (values.Violations.Count > 0)
        {
            throw SpeechException.Invalid(values.Violations);
        }

        await book.WriteAsync(task!, score!.Value, comment, cancellationToken);
        instruments.Scored(score.Value);
        return TypedResults.NoContent();
    }

    private static bool IsTask(string task) =>
        task.Length is > 0 and <= SpeakLimits.MaxTaskIdLength && task.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
