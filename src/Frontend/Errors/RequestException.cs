using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Errors;

/// <summary>A request that fails for a reason of HTTP: its body cannot be used as it was sent.</summary>
internal sealed class RequestException(int status, ErrorBody body) : Exception(body.Message)
{
    public int Status { get; } = status;

    public ErrorBody Body { get; } = body;

    public static RequestException MediaType(string message, string solution) =>
        new(StatusCodes.Status415UnsupportedMediaType, new ErrorBody("MEDIA_TYPE_UNSUPPORTED", message, solution));

    public static RequestException Malformed(string message, string solution) =>
        new(StatusCodes.Status400BadRequest, new ErrorBody(SpeechErrorCodes.RequestInvalid, message, solution));
}
