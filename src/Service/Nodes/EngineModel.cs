using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Text;

namespace CosyOrleans.Service.Nodes;

/// <summary>A model folder, run by the engine in this process.</summary>
public sealed class EngineModel : ILoadedModel
{
    private readonly SpeechModel _model;
    private readonly SpeechEngine _engine;
    private readonly string _directory;
    private readonly int _threads;
    private readonly Lazy<Task<string>> _fingerprint;

    // One voice at a time: its networks take as much memory as the model.
    private readonly SemaphoreSlim _enrolling = new(1);

    private EngineModel(string directory, IStageBackend backend, int threads, int maxConcurrent, TextReading reading)
    {
        var computes = backend.Name;
        var model = SpeechModel.Load(directory, backend, reading);
        (_model, _directory, _threads) = (model, directory, threads);
        // Speeches cut off elsewhere may come on top of what runs here: admission doubles the slots for them.
        _engine = new SpeechEngine(model, new SpeechEngineOptions { MaximumBatch = 2 * maxConcurrent });
        _fingerprint = new(() => Task.Factory.StartNew(() => ModelFingerprint.Of(directory, computes), TaskCreationOptions.LongRunning));
        VoiceIds = [.. model.Speakers.Keys.Order(StringComparer.Ordinal)];
    }

    public string Name => _model.Name;

    public string Kind => _model.Kind;

    public string? Fingerprint => _fingerprint.Value is { IsCompletedSuccessfully: true } known ? known.Result : null;

    public int SampleRate => _model.SampleRate;

    public IReadOnlyList<string> VoiceIds { get; }

    /// <param name="threads">Of the processor: of a model that computes on it, and of recordings that are listened to.</param>
    /// <param name="device">What the model computes on, a name for which <see cref="ComputeDevices.WhyNot"/> is null.</param>
    /// <exception cref="ModelLoadException">The folder holds no usable model.</exception>
    public static EngineModel Load(
        string directory, int threads, int maxConcurrent, TextReading reading = TextReading.Spoken,
        string device = ComputeDevices.Processor, DeviceOptions? options = null) =>
        new(directory, ComputeDevices.Open(device, threads, options ?? new()), threads, maxConcurrent, reading);

    public IReadOnlyList<TextSegment> Prepare(string text) => _model.Prepare(text);

    public string? WhyNot(Speaker speaker) => _model.WhyNot(speaker);

    public Speaker OwnVoice(string id) => _model.Speakers[id];

    public Task<EnrolledVoice> EnrolAsync(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken) =>
        EnrolAsync(enrolment => enrolment.EnrolAsync(id, recording, transcript, cancellationToken), cancellationToken);

    public Task<int[]> ListenAsync(ReadOnlyMemory<byte> recording, CancellationToken cancellationToken) =>
        EnrolAsync(enrolment => enrolment.ListenAsync(recording, cancellationToken), cancellationToken);

    private async Task<T> EnrolAsync<T>(Func<VoiceEnrolment, Task<T>> enrol, CancellationToken cancellationToken)
    {
        await _enrolling.WaitAsync(cancellationToken);
        try
        {
            // Half of the threads, for whoever is being spoken to at the same time.
            return await enrol(new VoiceEnrolment(_directory, Math.Max(1, _threads / 2)));
        }
        finally
        {
            _enrolling.Release();
        }
    }

    public IAsyncEnumerable<AudioChunk> SpeakAsync(SpeechInput input, CancellationToken cancellationToken) =>
        _engine.SpeakAsync(
            new SpeechRequest
            {
                Segments = input.Segments,
                TextStream = input.TextStream,
                Speaker = input.Speaker ?? OwnVoice(input.VoiceId),
                Mode = input.Mode,
                Instruction = input.Instruction,
                Seed = input.Seed,
                Speed = input.Speed,
                Streaming = input.Streaming,
                Check = input.Check,
                Background = input.Background,
                Resume = input.Resume,
            },
            cancellationToken);

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
        _enrolling.Dispose();
    }
}
