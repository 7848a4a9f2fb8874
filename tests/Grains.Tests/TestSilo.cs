using System.Diagnostics.Metrics;
using System.Net;
using CosyOrleans.Grains.Tests.Jobs;
using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CosyOrleans.Grains.Tests;

/// <summary>A real silo in this process, with a model that tests command.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, ToneModel model, int port) => (_host, Model, Port) = (host, model, port);

    public ToneModel Model { get; }

    public int Port { get; }

    public DeviceHost Device => _host.Services.GetRequiredService<Devices>().All[0];

    public DeviceHost Find(string device) => _host.Services.GetRequiredService<Devices>().Find(device)!;

    public IServiceProvider Services => _host.Services;

    /// <param name="first">Port of the silo that keeps the list of members.</param>
    /// <param name="devices">Their names, and what they load; null: one with the model that tests command.</param>
    public static async Task<TestSilo> StartAsync(
        string name, int port, int gateway, int first, string cluster, SynthesisOptions? options = null, TestJobs? jobs = null,
        IReadOnlyList<(string Name, Func<ILoadedModel> Load)>? devices = null)
    {
        var model = new ToneModel();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(jobs?.Time ?? TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(provider => new Devices(
        [
            .. (devices ?? [("cpu", () => model)]).Select(device => new DeviceHost(
                device.Name,
                device.Load,
                options ?? new SynthesisOptions(),
                provider.GetRequiredService<IMeterFactory>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>(),
                provider.GetRequiredService<VoiceShelf>())),
        ]));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gateway, first == port ? null : new IPEndPoint(IPAddress.Loopback, first), cluster, cluster);
            silo.Configure<SiloOptions>(o => o.SiloName = name);
            silo.AddMemoryGrainStorage(VoiceStorage.Name);
            silo.AddSpeechGrains(new FailoverOptions());
            silo.AddJobs(jobs);
        });
        var host = builder.Build();
        await host.Services.GetRequiredService<Devices>().StartAsync(CancellationToken.None);
        await host.StartAsync();
        return new TestSilo(host, model, port);
    }

    /// <summary>Ends it without a word to anybody.</summary>
    public async Task KillAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        _host.Dispose();
    }
}
