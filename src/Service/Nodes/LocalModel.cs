using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Nodes;

/// <summary>The model of this process, from the moment the process starts: loading, warming up, ready.</summary>
public sealed partial class LocalModel : IDisposable
{
    private const string WarmUpText = "Hello, and welcome.";
    private const double WorthwhileGain = 1.3;
    private static readonly TimeSpan AskAgainWhileLoading = TimeSpan.FromSeconds(5);

    private readonly Func<ILoadedModel> _load;
    private readonly SynthesisOptions _options;
    private readonly SpeechQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger<LocalModel> _logger;
    private volatile ILoadedModel? _loaded;
    private volatile NodeState _state;

    public LocalModel(Func<ILoadedModel> load, SynthesisOptions options, SpeechQueue queue, TimeProvider time, ILogger<LocalModel> logger)
    {
        (_load, _options, _queue, _time, _logger) = (load, options, queue, time, logger);
        Care = new DeviceCare(queue, token => SpeakAsync(_loaded!, streaming: true, token), time, logger);
    }

    public NodeState State => Care.IsQuarantined ? NodeState.Quarantined : _state;

    /// <summary>Told how every speech ends.</summary>
    internal DeviceCare Care { get; }

    /// <summary>The model once it is in memory, also before it is ready.</summary>
    public ILoadedModel? Loaded => _loaded;

    /// <summary>Loads the model and lets it speak.</summary>
    /// <exception cref="SpeechException">The model cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begin = _time.GetTimestamp();
        try
        {
            var model = await Task.Factory.StartNew(
                _load, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _loaded = model;
            CheckVoices(model);
            _state = NodeState.WarmingUp;
            // The first speech pays for compiling the code.
            await SpeakAsync(model, streaming: false, cancellationToken);
            await CalibrateAsync(model, cancellationToken);
            _state = NodeState.Ready;
            LogReady(model.Name, _time.GetElapsedTime(begin).TotalSeconds, _queue.Capacity, Quoted.List(model.VoiceIds));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _state = NodeState.Failed;
            LogFailed(e);
            throw Unusable(e);
        }
    }

    /// <summary>The model, once it has spoken.</summary>
    /// <exception cref="SpeechException">It has not yet, or has to do so again.</exception>
    public ILoadedModel Require()
    {
        Care.ThrowIfQuarantined();
        return _state == NodeState.Ready ? _loaded! : throw Unready();
    }

    public void Dispose()
    {
        Care.Dispose();
        _loaded?.Dispose();
    }

    private SpeechException Unready() => _state switch
    {
        NodeState.Failed => new SpeechException(
            SpeechErrorKind.NotReady,
            SpeechErrorCodes.ModelLoadFailed,
            "The model could not be loaded.",
            "Look at the server's log, correct the model folder and start the server again."),
        _ => new SpeechException(
            SpeechErrorKind.NotReady,
            SpeechErrorCodes.NotReady,
            "The model is still being loaded.",
            "Ask again in a few seconds; GET /readyz answers 200 when it is ready.")
        {
            RetryAfter = AskAgainWhileLoading,
        },
    };

    private void CheckVoices(ILoadedModel model)
    {
        if (_options.DefaultVoice is { } voice && !model.VoiceIds.Contains(voice))
        {
            throw new InvalidOperationException($"the default voice {Quoted.Value(voice)} is not among {Quoted.List(model.VoiceIds)}");
        }
    }

    /// <summary>
    /// Finds out how much sound this device makes: by twice as many speeches at the same time as long as they make
    /// more together. A processor that is busy with one stops at two, a GPU does not.
    /// </summary>
    private async Task CalibrateAsync(ILoadedModel model, CancellationToken cancellationToken)
    {
        var (sound, capacity) = await MeasureAsync(model, speeches: 1, cancellationToken);
        for (var speeches = 2; speeches <= _options.MaxRunning; speeches *= 2)
        {
            double together;
            try
            {
                (_, together) = await MeasureAsync(model, speeches, cancellationToken);
            }
            catch (OutOfMemoryException e)
            {
                Care.Failed(e); // It can be used, but not by so many.
                break;
            }

            if (together < WorthwhileGain * capacity)
            {
                break;
            }

            capacity = together;
        }

        _queue.Calibrate(model.Prepare(WarmUpText).Sum(segment => segment.Tokens.Length), sound, capacity);
    }

    /// <summary>Seconds of sound in one of so many speeches at the same time, and of all of them per second.</summary>
    private async Task<(double Sound, double Rate)> MeasureAsync(ILoadedModel model, int speeches, CancellationToken cancellationToken)
    {
        var begin = _time.GetTimestamp();
        var sounds = await Task.WhenAll(Enumerable.Range(0, speeches).Select(_ => SpeakAsync(model, streaming: true, cancellationToken)));
        var elapsed = Math.Max(_time.GetElapsedTime(begin).TotalSeconds, 1e-3);
        return (sounds[0], sounds.Sum() / elapsed);
    }

    /// <summary>Seconds of sound that were made.</summary>
    private static async Task<double> SpeakAsync(ILoadedModel model, bool streaming, CancellationToken cancellationToken)
    {
        var input = new SpeechInput(model.Prepare(WarmUpText), model.VoiceIds.FirstOrDefault(""), Seed: 1, Speed: 1, streaming)
        {
            // Nobody's voice will do to find out that it speaks, and how fast.
            Speaker = model.VoiceIds.Count > 0 ? null : new Speaker { Id = "", Embedding = [.. Enumerable.Repeat(1f, Speaker.EmbeddingSize)] },
        };
        long samples = 0;
        await foreach (var chunk in model.SpeakAsync(input, cancellationToken))
        {
            samples += chunk.Samples.Length;
        }

        return samples > 0 ? (double)samples / model.SampleRate : throw new InvalidOperationException("the model makes no sound");
    }

    internal static SpeechException Unusable(Exception e) => e is OutOfMemoryException ? new(
        SpeechErrorKind.Configuration,
        SpeechErrorCodes.DeviceMemory,
        $"The model does not fit into memory: {e.Message.TrimEnd('.')}.",
        "Lower Device:CachePositions, use a Device:Precision of 16 bits, raise Device:MemoryGigabytes where it is set, or use a device with more memory.",
        e) : new(
        SpeechErrorKind.Configuration,
        SpeechErrorCodes.ModelLoadFailed,
        e is ModelLoadException ? $"{e.Message.TrimEnd('.')}." : $"The model cannot be used: {e.Message.TrimEnd('.')}.",
        "Give --model a folder with llm.pt, flow.pt, hift.pt, cosyvoice2.yaml or cosyvoice3.yaml and CosyVoice-BlankEN, complete and unchanged.",
        e);
}
