using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace CosyOrleans.Frontend.Errors;

/// <summary>Which status and words stand for what went wrong: the only place where errors meet HTTP.</summary>
internal static class HttpErrors
{
    public static int StatusOf(SpeechErrorKind kind) => kind switch
    {
        SpeechErrorKind.Invalid => StatusCodes.Status400BadRequest,
        SpeechErrorKind.Busy => StatusCodes.Status429TooManyRequests,
        SpeechErrorKind.NotReady => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The words for a status that routing or the server decided without giving any.</summary>
    public static ErrorBody BodyOf(int status, HttpContext context) => status switch
    {
        StatusCodes.Status404NotFound => new(
            "ROUTE_UNKNOWN",
            $"There is nothing at {Quoted.Value(context.Request.Path)}.",
            "GET /openapi/v1.json describes everything this server offers."),
        StatusCodes.Status405MethodNotAllowed => new(
            "METHOD_NOT_ALLOWED",
            $"{Quoted.Value(context.Request.Method)} is not offered at {Quoted.Value(context.Request.Path)}.",
            $"Use {context.Response.Headers.Allow}."),
        StatusCodes.Status408RequestTimeout => new(
            "REQUEST_TIMEOUT", "The request arrived too slowly.", "Send it again over a faster connection."),
        StatusCodes.Status413PayloadTooLarge => new(
            "REQUEST_TOO_LARGE",
            $"The body is larger than {context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes.",
            "Send a shorter text, in several requests, or a shorter recording."),
        StatusCodes.Status414UriTooLong => new("URI_TOO_LONG", "The URL is too long.", "Send fields in the body of a POST."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => new(
            "HEADERS_TOO_LARGE", "The headers are too large.", "Send fewer or shorter headers and cookies."),
        >= 500 => BodyOf(SpeechException.Internal()),
        _ => new(SpeechErrorCodes.RequestInvalid, "The request is not valid HTTP.", "Check how it was built, and send it again."),
    };

    public static ErrorBody BodyOf(SpeechException e) => new(e.Code, e.Message, e.Solution);
}
