using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace CosyOrleans.Frontend.Requests;

/// <summary>
/// How much of bodies may be in memory at once. A request with recordings takes up to 33 MiB before anybody can say whether there
/// is a place for it, so that their number alone is no limit. Bytes count as they arrive, until the request has been answered: who
/// announces much and sends slowly keeps nobody out. Short requests are always read.
/// </summary>
/// <param name="capacity">Bytes.</param>
internal sealed class BodyBudget(long capacity)
{
    /// <summary>Bytes of each body that do not count.</summary>
    public const int FreeBytes = 64 * 1024;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private long _held;

    public long Held => Interlocked.Read(ref _held);

    /// <summary>Lets the body of a request count from now on.</summary>
    /// <exception cref="SpeechException">It cannot fit at present; reading it throws the same when it turns out not to.</exception>
    public void Charge(HttpRequest request)
    {
        if (request.ContentLength > FreeBytes && Held + request.ContentLength - FreeBytes > capacity)
        {
            throw Exhausted();
        }

        var body = new ChargedBody(request.Body, this);
        request.Body = body;
        request.HttpContext.Response.RegisterForDispose(body);
    }

    /// <exception cref="SpeechException">There is not so much left.</exception>
    internal void Take(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > capacity)
        {
            Return(bytes);
            throw Exhausted();
        }
    }

    internal void Return(long bytes) => Interlocked.Add(ref _held, -bytes);

    private SpeechException Exhausted() => new(
        SpeechErrorKind.Busy,
        SpeechErrorCodes.ServerBusy,
        $"The server is busy: requests under way hold {Held / 1024 / 1024} MiB of recordings and texts, and {capacity / 1024 / 1024} are the most.",
        $"Ask again in about {AskAgain.TotalSeconds} s, as the Retry-After header says, or send a shorter recording.")
    {
        RetryAfter = AskAgain,
    };
}

internal static class BodyBudgetExtensions
{
    public static void UseBodyBudget(this IApplicationBuilder app)
    {
        var budget = new BodyBudget(app.ApplicationServices.GetRequiredService<FrontendOptions>().MaxBodyMegabytesInFlight * 1024L * 1024);
        app.Use((context, next) =>
        {
            context.Features.Set(budget);
            return next(context);
        });
    }

    /// <inheritdoc cref="BodyBudget.Charge"/>
    /// <exception cref="BadHttpRequestException">It says itself that it is larger than it may be, however much room there is.</exception>
    public static void ChargeBody(this HttpRequest request)
    {
        if (request.ContentLength > request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        request.HttpContext.Features.GetRequiredFeature<BodyBudget>().Charge(request);
    }
}
