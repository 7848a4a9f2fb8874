using CosyOrleans.Service.Metrics;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Silo.Hosting;

/// <summary>GET /healthz, /readyz and /metrics of a silo.</summary>
internal static class SiloHealth
{
    private static readonly string[] GetOrHead = ["GET", "HEAD"];

    public static void MapSiloHealth(this IEndpointRouteBuilder app)
    {
        // Made now, so that it hears of everything from the start on.
        var exporter = app.ServiceProvider.GetRequiredService<PrometheusExporter>();
        app.MapGet("/metrics", () => TypedResults.Text(exporter.Write(), PrometheusExporter.ContentType));
        app.MapMethods("/healthz", GetOrHead, () => TypedResults.Ok(new { status = "alive" }));
        app.MapMethods("/readyz", GetOrHead, Ready);
    }

    // Ready when every device has spoken once; the answer says what each is doing.
    private static IResult Ready(Devices devices, SiloOptions options)
    {
        var ready = devices.All.All(device => device.State == NodeState.Ready);
        return TypedResults.Json(
            new SiloReadiness(ready ? "ready" : "not ready", options.Name, [.. devices.All.Select(Describe)]),
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static DeviceReadiness Describe(DeviceHost device) => new(
        device.Name,
        device.State.ToString(),
        device.Model.Loaded?.Name,
        device.Queue.Running,
        device.Queue.Queued,
        Math.Round(device.Queue.Capacity, 3));

    private sealed record SiloReadiness(string Status, string Name, IReadOnlyList<DeviceReadiness> Devices);

    private sealed record DeviceReadiness(string Name, string State, string? Model, int Running, int Queued, double Capacity);
}
