using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>Turns away requests that nobody should send, before anything else looks at them.</summary>
internal static class RequestGuards
{
    private const int MaxTargetLength = 8 * 1024;
    private const int MaxHeaderLength = 32 * 1024;

    public static void UseRequestGuards(this IApplicationBuilder app)
    {
        var localOnly = !app.ApplicationServices.GetRequiredService<FrontendOptions>().AllowRemote;
        app.Use((context, next) =>
        {
            CheckSize(context);
            if (localOnly)
            {
                CheckOrigin(context.Request);
            }

            return next(context);
        });
    }

    private static void CheckSize(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target.Length > MaxTargetLength)
        {
            throw Refused(StatusCodes.Status414UriTooLong, context);
        }

        var headers = context.Request.Headers.Sum(header => header.Key.Length + header.Value.Sum(value => (long)(value?.Length ?? 0)));
        if (headers > MaxHeaderLength)
        {
            throw Refused(StatusCodes.Status431RequestHeaderFieldsTooLarge, context);
        }
    }

    // A page on the internet can make a browser send requests to this machine, and by pointing its own name at
    // 127.0.0.1 even read the answers; then Host or Origin carries that name.
    private static void CheckOrigin(HttpRequest request)
    {
        var host = request.Host.Host;
        if (host.Length > 0 && !ServerAddresses.IsLoopback(host))
        {
            throw new RequestException(StatusCodes.Status403Forbidden, new ErrorBody(
                "HOST_NOT_ALLOWED",
                $"This server serves only its own machine, not {Quoted.Value(host)}.",
                "Use http://localhost, or start the server with --allow-remote."));
        }

        string? origin = request.Headers.Origin;
        if (origin is not null && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && ServerAddresses.IsLoopback(uri.Host)))
        {
            throw new RequestException(StatusCodes.Status403Forbidden, new ErrorBody(
                "ORIGIN_NOT_ALLOWED",
                $"Pages from {Quoted.Value(origin)} may not use this server.",
                "Open the page of this server itself, or start the server with --allow-remote."));
        }
    }

    private static RequestException Refused(int status, HttpContext context) => new(status, HttpErrors.BodyOf(status, context));
}
