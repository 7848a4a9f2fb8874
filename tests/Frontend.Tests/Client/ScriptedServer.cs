using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CosyOrleans.Frontend.Tests.Client;

/// <summary>A server on a real socket that answers as a test says.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private ScriptedServer(WebApplication app) => _app = app;

    public int Requests => _requests;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ScriptedServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return answer(context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Begins a speech as a server does, and breaks off once that was heard.</summary>
    public static RequestDelegate BreakingOff(short[] samples, Task heard, int seed = 7) => async context =>
    {
        var bytes = CosyServer.Bytes(samples);
        Describe(context.Response, seed);
        // In pieces that end in the middle of a sample.
        for (var at = 0; at < bytes.Length; at += 333)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(at, Math.Min(333, bytes.Length - at)));
            await context.Response.Body.FlushAsync();
        }

        await heard;
        context.Abort();
    };

    public static RequestDelegate Error(int status, string code) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = code, message = "It is so.", solution = "Change it." });
    };

    /// <summary>Takes the request and never answers.</summary>
    public static RequestDelegate Silent() => context => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public static void Describe(HttpResponse response, int seed)
    {
        response.Headers["X-Sample-Rate"] = "24000";
        response.Headers["X-Seed"] = $"{seed}";
        response.Headers["X-Voice"] = "amy";
        response.Headers["X-Task-Id"] = "t";
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
