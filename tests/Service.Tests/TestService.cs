using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests;

/// <summary>The in-process service over a model that needs no weights, started.</summary>
internal sealed class TestService : IAsyncDisposable
{
    // Far beyond what anything here takes: only so that what never ends is a failure and not a hang.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DeviceHost _device;

    private TestService(ToneModel model, SynthesisOptions options, VoiceShelf? voices, TimeProvider time)
    {
        Model = model;
        _device = new DeviceHost("cpu", () => model, options, new TestMeters(), time, NullLoggerFactory.Instance, voices);
    }

    public ToneModel Model { get; }

    public LocalModel Host => _device.Model;

    public ISynthesis Synthesis => _device.Synthesis;

    public SpeechQueue Queue => _device.Queue;

    public NodeState State => _device.State;

    public INodes Nodes => new LocalNodes(_device);

    public static async Task<TestService> StartAsync(
        SynthesisOptions? options = null, ToneModel? model = null, VoiceShelf? voices = null, TimeProvider? time = null)
    {
        var service = new TestService(model ?? new ToneModel(), options ?? new SynthesisOptions(), voices, time ?? new ManualTime());
        await service._device.Model.StartAsync(default);
        return service;
    }

    public Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken = default) =>
        Synthesis.SpeakAsync(request, cancellationToken).WaitAsync(Patience);

    public ValueTask DisposeAsync()
    {
        _device.Dispose();
        return ValueTask.CompletedTask;
    }
}
