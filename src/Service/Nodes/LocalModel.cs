using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Nodes;

/// <summary>The model of this process, from the moment the process starts: loading, warming up, ready.</summary>
public sealed partial class LocalModel(
    Func<ILoadedModel> load, SynthesisOptions options, SpeechQueue queue, TimeProvider time, ILogger<LocalModel> logger) : IDisposable
{
    private const string WarmUpText = "Hello, and welcome.";
    private static readonly TimeSpan AskAgainWhileLoading = TimeSpan.FromSeconds(5);

    private volatile ILoadedModel? _loaded;
    private volatile NodeState _state;

    public NodeState State => _state;

    /// <summary>The model once it is in memory, also before it is ready.</summary>
    public ILoadedModel? Loaded => _loaded;

    /// <summary>Loads the model and lets it speak.</summary>
    /// <exception cref="SpeechException">The model cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        try
        {
            var model = await Task.Factory.StartNew(
                load, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _loaded = model;
            CheckVoices(model);
            _state = NodeState.WarmingUp;
            // The first speech pays for compiling the code; the second tells what this machine can do.
            await WarmUpAsync(model, streaming: false, cancellationToken);
            await WarmUpAsync(model, streaming: true, cancellationToken);
            _state = NodeState.Ready;
            LogReady(model.Name, time.GetElapsedTime(begin).TotalSeconds, queue.Capacity, Quoted.List(model.VoiceIds));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _state = NodeState.Failed;
            LogFailed(e);
            throw Unusable(e);
        }
    }

    /// <summary>The model, once it has spoken.</summary>
    /// <exception cref="SpeechException">It has not yet.</exception>
    public ILoadedModel Require() => _state switch
    {
        NodeState.Ready => _loaded!,
        NodeState.Failed => throw new SpeechException(
            SpeechErrorKind.NotReady,
            SpeechErrorCodes.ModelLoadFailed,
            "The model could not be loaded.",
            "Look at the server's log, correct the model folder and start the server again."),
        _ => throw new SpeechException(
            SpeechErrorKind.NotReady,
            SpeechErrorCodes.NotReady,
            "The model is still being loaded.",
            "Ask again in a few seconds; GET /readyz answers 200 when it is ready.")
        {
            RetryAfter = AskAgainWhileLoading,
        },
    };

    public void Dispose() => _loaded?.Dispose();

    private void CheckVoices(ILoadedModel model)
    {
        if (model.VoiceIds.Count == 0)
        {
            throw new InvalidOperationException("spk2info.pt holds no voice, and voices cannot be made from recordings yet");
        }

        if (options.DefaultVoice is { } voice && !model.VoiceIds.Contains(voice))
        {
            throw new InvalidOperationException($"the default voice {Quoted.Value(voice)} is not among {Quoted.List(model.VoiceIds)}");
        }
    }

    private async Task WarmUpAsync(ILoadedModel model, bool streaming, CancellationToken cancellationToken)
    {
        var segments = model.Prepare(WarmUpText);
        var input = new SpeechInput(segments, model.VoiceIds[0], Seed: 1, Speed: 1, streaming);
        var begin = time.GetTimestamp();
        long samples = 0;
        await foreach (var chunk in model.SpeakAsync(input, cancellationToken))
        {
            samples += chunk.Samples.Length;
        }

        var elapsed = time.GetElapsedTime(begin).TotalSeconds;
        if (samples == 0)
        {
            throw new InvalidOperationException("the model makes no sound");
        }

        queue.Calibrate(segments.Sum(s => s.Tokens.Length), (double)samples / model.SampleRate, Math.Max(elapsed, 1e-3));
    }

    internal static SpeechException Unusable(Exception e) => new(
        SpeechErrorKind.Configuration,
        SpeechErrorCodes.ModelLoadFailed,
        e is ModelLoadException ? $"{e.Message.TrimEnd('.')}." : $"The model cannot be used: {e.Message.TrimEnd('.')}.",
        "Give --model a folder with llm.pt, flow.pt, hift.pt, cosyvoice2.yaml, spk2info.pt and CosyVoice-BlankEN, complete and unchanged.",
        e);
}
