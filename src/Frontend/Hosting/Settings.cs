using CosyOrleans.Frontend.WebSockets;
using CosyOrleans.Hosting;
using CosyOrleans.Service.Cache;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Retention;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>All options, read and checked before anything starts.</summary>
internal sealed record Settings(
    FrontendOptions Frontend, SynthesisOptions Synthesis, JobsOptions Jobs, FormatOptions Formats, FailoverOptions Failover, SocketOptions Sockets, CacheOptions Cache, RetentionOptions Retention, DeviceOptions Device)
{
    /// <exception cref="SpeechException">Names every option that cannot be used.</exception>
    public static Settings Read(IConfiguration configuration, Action<FrontendOptions>? configure)
    {
        var reader = new OptionsReader(configuration);
        var frontend = reader.Bind<FrontendOptions>("Frontend");
        configure?.Invoke(frontend);
        var synthesis = reader.Bind<SynthesisOptions>("Synthesis");
        var jobs = reader.Bind<JobsOptions>("Jobs");
        var formats = reader.Bind<FormatOptions>("Formats");
        var failover = reader.Bind<FailoverOptions>("Failover");
        var sockets = reader.Bind<SocketOptions>("WebSocket");
        var cache = reader.Bind<CacheOptions>("Cache");
        var retention = reader.Bind<RetentionOptions>("Retention");
        var device = reader.Bind<DeviceOptions>("Device");
        reader.Check(frontend, "Frontend");
        reader.Check(synthesis, "Synthesis");
        reader.Check(jobs, "Jobs");
        reader.Check(formats, "Formats");
        reader.Check(failover, "Failover");
        reader.Check(sockets, "WebSocket");
        reader.Check(cache, "Cache");
        reader.Check(retention, "Retention");
        reader.Check(device, "Device");
        if (!frontend.Cluster && ComputeDevices.WhyNot(frontend.Device) is { } problem)
        {
            reader.Add(OptionsReader.Invalid($"Frontend:Device is {Quoted.Value(frontend.Device)}: {problem}"));
        }

        reader.Add(ServerAddresses.Check(frontend));
        if (frontend.Cluster && string.IsNullOrWhiteSpace(frontend.ConnectionString))
        {
            reader.Add(OptionsReader.Invalid("Frontend:ConnectionString is empty, and a cluster is found through its database."));
        }

        reader.ThrowIfInvalid();
        return new Settings(frontend, synthesis, jobs, formats, failover, sockets, cache, retention, device);
    }
}
