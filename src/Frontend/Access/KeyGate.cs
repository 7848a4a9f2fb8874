using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Hosting;
using CosyOrleans.Service.Tenants;
using Microsoft.AspNetCore.Http.Features;

namespace CosyOrleans.Frontend.Access;

/// <summary>
/// Lets in whoever shows a key, and everybody where none is asked for. What no endpoint opens to everybody is closed, so that a
/// new one cannot be forgotten.
/// </summary>
internal sealed class KeyGate(RequestDelegate next, KeyRing keys, IUsage usage, FrontendOptions options)
{
    private readonly bool _required = ServerAddresses.RequireKeys(options);

    public async Task InvokeAsync(HttpContext context, Caller caller)
    {
        var access = context.GetEndpoint()?.Metadata.OfType<EndpointAccess>().Cast<EndpointAccess?>().LastOrDefault();
        if (access == EndpointAccess.Everybody)
        {
            await next(context);
            return;
        }

        caller.Key = Find(context);
        caller.IsConnected = context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true;
        if (access == EndpointAccess.Operator && caller.Scope.Tenant is not null)
        {
            throw new RequestException(StatusCodes.Status403Forbidden, new ErrorBody(
                "KEY_NOT_ALLOWED", "This is for whoever runs the server, not for a tenant.", "Use a key that was made without --tenant."));
        }

        if (caller.Key is { } key && await usage.TakeRequestAsync(key, context.RequestAborted) is { } refusal)
        {
            throw refusal.ToException();
        }

        await next(context);
    }

    private ApiKey? Find(HttpContext context)
    {
        var presented = PresentedKey.Of(context.Request);
        if (presented is not null && keys.Find(presented) is { } key)
        {
            return key;
        }

        // Clients made for other services insist on some key, which then means nothing here.
        if (!_required && (presented is null || !KeyText.IsMeant(presented)))
        {
            return null;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new RequestException(StatusCodes.Status401Unauthorized, presented is null
            ? new ErrorBody(KeyErrors.Missing, "This server asks for a key, and the request brings none.", "Send it as Authorization: Bearer KEY. Whoever runs the server makes keys with: cosy keys create.")
            : new ErrorBody(KeyErrors.Invalid, "The key of this request is not valid, or not any more.", "Check that it is complete, or ask whoever runs the server for another."));
    }
}

internal static class KeyGateExtensions
{
    public static void UseKeyGate(this IApplicationBuilder app) => app.UseMiddleware<KeyGate>();

    /// <summary>Reads the keys before anything listens.</summary>
    /// <exception cref="Service.Errors.SpeechException">They are damaged, or there are none where nobody could do anything without.</exception>
    public static void CheckKeys(this WebApplication app)
    {
        var any = app.Services.GetRequiredService<KeyRing>().Any;
        if (!any && ServerAddresses.RequireKeys(app.Services.GetRequiredService<FrontendOptions>()))
        {
            throw KeyErrors.None(app.Services.GetRequiredService<KeyFile>().Path);
        }
    }
}
