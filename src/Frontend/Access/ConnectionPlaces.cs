using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CosyOrleans.Frontend.Access;

/// <summary>
/// How many connections a server holds, idle ones and WebSockets included. One beyond that is told so when it asks for something, and
/// then closed. Health is answered all the same: a server that is full is alive.
/// </summary>
/// <param name="most">Connections.</param>
internal sealed class ConnectionPlaces(int most)
{
    // Those that are told that there is no room are connections too, until they have been told.
    private const int BeingRefused = 256;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly object IsBeyond = new();

    private int _held;

    /// <summary>At which the web server itself hangs up without a word.</summary>
    public int HardLimit => most + BeingRefused;

    public async Task HoldAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _held) > most)
        {
            connection.Items[IsBeyond] = true;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    /// <exception cref="SpeechException">There is no room for the connection of this request.</exception>
    public void Check(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(IsBeyond) != true)
        {
            return;
        }

        context.Response.Headers.Connection = "close";
        throw new SpeechException(
            SpeechErrorKind.NotReady,
            SpeechErrorCodes.ServerBusy,
            $"The server holds {most} connections, which are the most that it takes.",
            $"Ask again in about {AskAgain.TotalSeconds} s, as the Retry-After header says.")
        {
            RetryAfter = AskAgain,
        };
    }
}

internal static class ConnectionPlacesExtensions
{
    public static void LimitConnections(this WebApplicationBuilder builder, FrontendOptions options)
    {
        var places = new ConnectionPlaces(options.MaxConnections);
        builder.Services.AddSingleton(places);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = places.HardLimit;
            kestrel.Limits.MaxConcurrentUpgradedConnections = places.HardLimit;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => places.HoldAsync(connection, next)));
        });
    }

    public static void UseConnectionPlaces(this IApplicationBuilder app)
    {
        var places = app.ApplicationServices.GetRequiredService<ConnectionPlaces>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.OfType<EndpointAccess>().Contains(EndpointAccess.Everybody) != true)
            {
                places.Check(context);
            }

            return next(context);
        });
    }
}
