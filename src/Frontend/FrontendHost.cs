using CosyOrleans.Frontend.Access;
using CosyOrleans.Frontend.Alignment;
using CosyOrleans.Frontend.Cache;
using CosyOrleans.Frontend.Catalogue;
using CosyOrleans.Frontend.DashScope;
using CosyOrleans.Frontend.ElevenLabs;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Feedback;
using CosyOrleans.Frontend.Health;
using CosyOrleans.Frontend.Hosting;
using CosyOrleans.Frontend.Jobs;
using CosyOrleans.Frontend.Metrics;
using CosyOrleans.Frontend.Nodes;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Frontend.Page;
using CosyOrleans.Frontend.Reference;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Frontend.Retention;
using CosyOrleans.Frontend.Speech;
using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend;

/// <summary>The HTTP server: REST, the page, health and metrics.</summary>
public static class FrontendHost
{
    /// <summary>Serves until the process is asked to stop. The exit code is 0, or 1 after an error that was printed in one line.</summary>
    /// <param name="args">Settings by name, such as <c>--Synthesis:MaxRunning=4</c>; environment variables work too.</param>
    /// <param name="configure">Has the last word on the frontend's own options.</param>
    public static Task<int> RunAsync(string[] args, Action<FrontendOptions>? configure = null) =>
        RunAsync(args, configure, Console.Error);

    internal static async Task<int> RunAsync(string[] args, Action<FrontendOptions>? configure, TextWriter errors)
    {
        try
        {
            await using var app = Build(args, configure);
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            app.Services.GetService<ModelStartup>()?.ThrowIfFailed();
            return 0;
        }
        catch (SpeechException e)
        {
            await errors.WriteLineAsync($"error {e.Code}: {e.Message} {e.Solution}");
            return 1;
        }
        catch (IOException e) when (ServerAddresses.WhyNotBound(e) is { } reason)
        {
            await errors.WriteLineAsync($"error {reason.Code}: {reason.Message} {reason.Solution}");
            return 1;
        }
    }

    private static WebApplication Build(string[] args, Action<FrontendOptions>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var settings = Settings.Read(builder.Configuration, configure);
        builder.ListenAsConfigured(settings.Frontend);
        builder.LimitConnections(settings.Frontend);
        builder.LogQuietly();
        builder.Services.AddSettings(settings);
        if (settings.Frontend.Cluster)
        {
            builder.Services.AddClusterService(settings);
            builder.Services.AddJobIntake();
        }
        else
        {
            builder.Services.AddLocalService();
        }

        builder.Services.AddAudioCache(settings.Cache);
        builder.Services.AddMetricsExport();
        builder.Services.AddTenants(); // Outermost: whatever is around the ports works for everybody.
        builder.Services.AddRetention(settings.Retention);
        builder.Services.AddFeedback();
        builder.Services.AddApiDocument();
        builder.Services.AddDashScope();

        var app = builder.Build();
        app.CheckKeys();
        app.UseErrorShape();
        app.UseSecurityHeaders();
        app.UseRequestGuards();
        app.UseConnectionPlaces();
        app.UseKeyGate();
        app.UseBodyBudget();
        app.UseWebSockets();
        app.MapPage();
        app.MapTts();
        app.MapTimestamps();
        app.MapOpenAiSpeech();
        app.MapSpeechSocket();
        app.MapDashScope();
        app.MapElevenLabs();
        app.MapReference();
        app.MapCatalogue();
        app.MapNodes();
        app.MapJobs();
        app.MapHealth();
        app.MapMetrics();
        app.MapFeedback();
        app.MapOpenApi().OpenTo(EndpointAccess.Everybody);
        return app;
    }
}
