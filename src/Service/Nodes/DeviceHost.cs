using System.Diagnostics.Metrics;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Nodes;

/// <summary>One device of this process with its own model and its own queue: everything that speaks there.</summary>
public sealed class DeviceHost : IDisposable
{
    private readonly DrainableSynthesis _synthesis;
    private readonly SynthesisOptions _options;

    /// <param name="name">Unique in this process: "cpu", "cuda:0".</param>
    /// <param name="load">Reads the model; runs on a thread of its own.</param>
    /// <param name="voices">Those of the catalogue; devices of one process may share a shelf. Null: only the model's own.</param>
    public DeviceHost(
        string name,
        Func<ILoadedModel> load,
        SynthesisOptions options,
        IMeterFactory meters,
        TimeProvider time,
        ILoggerFactory loggers,
        VoiceShelf? voices = null)
    {
        (Name, _options) = (name, options);
        Queue = new SpeechQueue(options, time);
        Model = new LocalModel(load, options, Queue, time, loggers.CreateLogger<LocalModel>());
        var instruments = new SynthesisInstruments(meters, Queue, Model, name);
        _synthesis = new DrainableSynthesis(
            new LocalSynthesis(Model, Queue, options, instruments, time, loggers.CreateLogger<LocalSynthesis>(), voices));
        Voices = voices;
    }

    public string Name { get; }

    public LocalModel Model { get; }

    /// <summary>The voices of the catalogue that are at hand; null where there is no catalogue.</summary>
    public VoiceShelf? Voices { get; }

    public SpeechQueue Queue { get; }

    /// <summary>Speaks on this device; refuses with <see cref="SpeechErrorCodes.NodeDraining"/> while it is being drained.</summary>
    public ISynthesis Synthesis => _synthesis;

    /// <summary>Names all that decides how a request sounds here, but the request: model, engine, settings. Null until it is known.</summary>
    public string? Fingerprint => Model.Loaded?.Fingerprint is { } model ? $"{model} {_options.Fingerprint}" : null;

    public NodeState State => _synthesis.IsDraining ? NodeState.Draining : Model.State;

    /// <summary>Takes no new work, or takes it again.</summary>
    public void SetDraining(bool draining)
    {
        if (draining)
        {
            _synthesis.Drain();
        }
        else
        {
            _synthesis.Accept();
        }
    }

    /// <summary>Takes no new work for good; completes when the last listener has let go of the last speech.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _synthesis.DrainAsync(cancellationToken);

    public void Dispose()
    {
        _synthesis.Dispose();
        Model.Dispose();
    }
}
