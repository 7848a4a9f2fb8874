using System.Diagnostics.Metrics;
using CosyOrleans.Service.Metrics;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace CosyOrleans.Silo.Hosting;

/// <summary>What runs beside the silo in its process.</summary>
internal static class SiloServices
{
    private static readonly TimeSpan AfterDraining = TimeSpan.FromSeconds(15);

    private static readonly string[] HostMeters =
        [SynthesisInstruments.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    public static void AddDevices(this IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Silo);
        services.AddSingleton(settings.Synthesis);
        services.AddSingleton(settings.Formats);
        services.AddSingleton(settings.Jobs);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Devices(settings.Devices.Select(device => new DeviceHost(
            device,
            () => Load(device, settings),
            settings.Synthesis,
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<VoiceShelf>()))));
        services.AddSingleton<DeviceStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceStartup>());
        services.AddHostedService<DeviceDrain>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Silo.DrainSeconds) + AfterDraining);
        services.AddSingleton(provider => new PrometheusExporter(
            provider.GetRequiredService<IMeterFactory>(), HostMeters, [PrometheusExporter.ProcessMeter, "Microsoft.Orleans"]));
    }

    public static void LogAs(this WebApplicationBuilder builder, LogFormat format)
    {
        var log = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
            // Its first look compares with the start of the machine and cries wolf.
            .MinimumLevel.Override("Orleans.Runtime.Watchdog", LogEventLevel.Error)
            // These say with a stack trace what RunAsync says in one line.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal + 1)
            .Enrich.FromLogContext();
        log = format == LogFormat.Json
            ? log.WriteTo.Console(new JsonFormatter(renderMessage: true))
            : log.WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}");
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(log.CreateLogger(), dispose: true);
    }

    private static ILoadedModel Load(string device, SiloSettings settings)
    {
        if (settings.Setup.Load is { } load)
        {
            return load(device);
        }

        var threads = settings.Silo.Threads == 0 ? Environment.ProcessorCount : settings.Silo.Threads;
        return EngineModel.Load(settings.Silo.Model, threads, settings.Synthesis.MaxRunning, settings.Synthesis.Reading, device, settings.Device);
    }
}
