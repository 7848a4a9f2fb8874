using System.Diagnostics.Metrics;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Bench;

/// <summary>The service in this process, to compare with.</summary>
internal sealed class LocalService : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DeviceHost _device;

    private LocalService(TimeSpan chunk, int samples) => _device = new DeviceHost(
        "cpu",
        () => new PacedModel(chunk, samples),
        new SynthesisOptions(),
        _services.GetRequiredService<IMeterFactory>(),
        TimeProvider.System,
        NullLoggerFactory.Instance);

    public LocalModel Model => _device.Model;

    public ISynthesis Synthesis => _device.Synthesis;

    public static async Task<LocalService> StartAsync(TimeSpan chunk, int samples = PacedModel.Second)
    {
        var service = new LocalService(chunk, samples);
        await service._device.Model.StartAsync(CancellationToken.None);
        return service;
    }

    public ValueTask DisposeAsync()
    {
        _device.Dispose();
        return _services.DisposeAsync();
    }
}
