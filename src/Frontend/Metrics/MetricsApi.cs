using System.Diagnostics.Metrics;
using CosyOrleans.Frontend.Access;
using CosyOrleans.Frontend.Hosting;
using CosyOrleans.Service.Metrics;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Metrics;

/// <summary>GET /metrics for Prometheus.</summary>
internal static class MetricsApi
{
    private static readonly string[] HostMeters =
        [SynthesisInstruments.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    public static void AddMetricsExport(this IServiceCollection services)
    {
        services.AddSingleton(
            provider => new PrometheusExporter(provider.GetRequiredService<IMeterFactory>(), HostMeters, [PrometheusExporter.ProcessMeter]));
        services.AddSingleton<StreamInstruments>();
        services.Surround((provider, inner) => new MeasuredSynthesis(
            inner, provider.GetRequiredService<StreamInstruments>(), provider.GetRequiredService<TimeProvider>()));
    }

    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        // Made now, so that it hears of everything from the first request on.
        var exporter = app.ServiceProvider.GetRequiredService<PrometheusExporter>();
        app.MapGet("/metrics", () => TypedResults.Text(exporter.Write(), PrometheusExporter.ContentType))
            .OpenTo(EndpointAccess.Operator)
            .WithTags("Operations")
            .WithSummary("Measurements in Prometheus's text format")
            .Produces<string>(contentType: "text/plain");
    }
}
