using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>Why a task fails, in DashScope's words.</summary>
internal static class DashScopeErrors
{
    /// <summary>What clients wait for when a text does not go on.</summary>
    public const int TextIdleSeconds = 23;

    /// <summary>Of its HTTP endpoints.</summary>
    public static ErrorDialect Dialect { get; } = new((status, error, request) =>
        new { code = CodeOf(status), message = ErrorDialect.Sentence(error), request_id = request });

    public static string CodeOf(SpeechErrorKind kind) => CodeOf(HttpErrors.StatusOf(kind));

    public static string MessageOf(SpeechException error) =>
        error.Code == SpeechErrorCodes.TextTimeout ? $"request timeout after {TextIdleSeconds} seconds" : ErrorDialect.Sentence(HttpErrors.BodyOf(error));

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "ResourceNotExist",
        StatusCodes.Status429TooManyRequests => "Throttling.RateQuota",
        StatusCodes.Status503ServiceUnavailable => "ServiceUnavailable",
        >= 500 => "InternalError",
        _ => "InvalidParameter",
    };
}

/// <summary>A message that makes no sense, of a task.</summary>
internal sealed class DashScopeException(string taskId, SpeechException error) : Exception(error.Message, error)
{
    public string TaskId { get; } = taskId;

    public SpeechException Error { get; } = error;
}
