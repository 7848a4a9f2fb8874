using CosyOrleans.Frontend.Errors;

namespace CosyOrleans.Frontend.Speech;

/// <summary>The shape of errors that OpenAI's clients read.</summary>
internal static class OpenAiErrors
{
    public static ErrorDialect Dialect { get; } = new((status, error, _) => Of(status, error));

    public static object Of(int status, ErrorBody error) =>
        new { error = new { message = ErrorDialect.Sentence(error), type = TypeOf(status), param = (string?)null, code = error.Error } };

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
