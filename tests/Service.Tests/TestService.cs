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

    private readonly ISynthesis _synthesis;
    private readonly LocalModel _loaded;

    private TestService(ToneModel model, SynthesisOptions options, VoiceShelf? voices, TimeProvider time)
    {
        Model = model;
        Queue = new SpeechQueue(options, time);
        _loaded = new LocalModel(() => model, options, Queue, time, NullLogger<LocalModel>.Instance);
        var instruments = new SynthesisInstruments(new TestMeters(), Queue, _loaded);
        _synthesis = new LocalSynthesis(_loaded, Queue, options, instruments, time, NullLogger<LocalSynthesis>.Instance, voices);
    }

    public ToneModel Model { get; }

    public ISynthesis Synthesis => _synthesis;

    public SpeechQueue Queue { get; }

    public NodeState State => _loaded.State;

    public INodes Nodes => new LocalNodes(_loaded, Queue);

    public static async Task<TestService> StartAsync(
        SynthesisOptions? options = null, ToneModel? model = null, VoiceShelf? voices = null, TimeProvider? time = null)
    {
        var service = new TestService(model ?? new ToneModel(), options ?? new SynthesisOptions(), voices, time ?? new ManualTime());
        await service._loaded.StartAsync(default);
        return service;
    }

    public Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken = default) =>
        _synthesis.SpeakAsync(request, cancellationToken).WaitAsync(Patience);

    public ValueTask DisposeAsync()
    {
        _loaded.Dispose();
        return ValueTask.CompletedTask;
    }
}
