namespace CosyOrleans.Frontend.Metrics;

/// <summary>GET /metrics for Prometheus.</summary>
internal static class MetricsApi
{
    public static void AddMetricsExport(this IServiceCollection services) => services.AddSingleton<PrometheusExporter>();

    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        // Made now, so that it hears of everything from the first request on.
        var exporter = app.ServiceProvider.GetRequiredService<PrometheusExporter>();
        app.MapGet("/metrics", () => TypedResults.Text(exporter.Write(), PrometheusText.ContentType))
            .WithTags("Operations")
            .WithSummary("Measurements in Prometheus's text format")
            .Produces<string>(contentType: "text/plain");
    }
}
