using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Errors;

/// <summary>Sees to it that whatever goes wrong is answered in one shape, or, once sound is on its way, with a broken connection.</summary>
internal sealed partial class ErrorShape(RequestDelegate next, ILogger<ErrorShape> logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // The answer is JSON and says nosniff: nothing has to be escaped for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
        try
        {
            await next(context);
            var status = context.Response.StatusCode;
            if (status >= StatusCodes.Status400BadRequest && !context.Response.HasStarted)
            {
                await WriteAsync(context, status, HttpErrors.BodyOf(status, context));
            }
        }
        catch (Exception e)
        {
            await FailAsync(context, e);
        }
    }

    private async Task FailAsync(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (exception is not (SpeechException or RequestException or BadHttpRequestException))
        {
            LogUnexpected(exception, context.TraceIdentifier);
        }

        if (context.Response.HasStarted)
        {
            // A complete ending would tell the listener that this was all.
            context.Abort();
            return;
        }

        switch (exception)
        {
            case SpeechException e:
                if (e.RetryAfter is { } after)
                {
                    context.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                }

                await WriteAsync(context, HttpErrors.StatusOf(e.Kind), HttpErrors.BodyOf(e));
                break;
            case RequestException e:
                await WriteAsync(context, e.Status, e.Body);
                break;
            case BadHttpRequestException e:
                await WriteAsync(context, e.StatusCode, HttpErrors.BodyOf(e.StatusCode, context));
                break;
            default:
                await WriteAsync(context, StatusCodes.Status500InternalServerError, HttpErrors.BodyOf(SpeechException.Internal()));
                break;
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, ErrorBody body)
    {
        var response = context.Response;
        var dialect = context.GetEndpoint()?.Metadata.GetMetadata<ErrorDialect>();
        var json = JsonSerializer.SerializeToUtf8Bytes(dialect?.Of(status, body, context.TraceIdentifier) ?? body, Json);
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(json, context.RequestAborted);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogUnexpected(Exception exception, string requestId);
}

internal static class ErrorShapeExtensions
{
    public static void UseErrorShape(this IApplicationBuilder app) => app.UseMiddleware<ErrorShape>();
}
