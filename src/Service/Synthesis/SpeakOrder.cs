using System.Security.Cryptography;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Synthesis;

/// <summary>A request after checking, with everything decided that was left open.</summary>
internal sealed record SpeakOrder(SpeechDetails Details, SpeechInput Input)
{
    // What somebody says at a time; nobody knows how long a text becomes that is still being written.
    private const double WrittenSeconds = 15;

    public SpeechWork Work => new(Input.Segments.Sum(segment => segment.Tokens.Length), Input.Speed)
    {
        Tenant = Tenant,
        Lane = Input.Background ? SpeechLane.Batch : SpeechLane.Interactive,
        IsResumption = Resume is not null,
        SecondsBefore = (double)(Resume?.Checkpoint?.SampleOffset ?? 0) / Details.SampleRate,
        Seconds = Input.TextStream is null ? Recordings.SourceSeconds : WrittenSeconds,
    };

    /// <summary>Who asks; null: nobody in particular.</summary>
    public string? Tenant { get; private init; }

    /// <summary>Where to go on; null: from the beginning.</summary>
    public SpeechResumption? Resume { get; init; }

    /// <summary>What has to be listened to first, see <see cref="ListenAsync"/>.</summary>
    public SpeakRecordings Recordings { get; private init; } = SpeakRecordings.None;

    /// <param name="catalogue">The voice of the catalogue that the request names; null where it names none.</param>
    /// <exception cref="Errors.SpeechException">Names everything that is wrong with the request.</exception>
    public static SpeakOrder From(SpeakRequest request, ILoadedModel model, VoiceProfile? catalogue, SynthesisOptions options)
    {
        var (segments, recordings) = new SpeakRequestRules(model, catalogue, options).Check(request);
        var voice = recordings.Reference is { } reference ? ReferenceVoices.IdOf(reference, recordings.Transcript)
            : catalogue?.Id ?? request.SpeakerId ?? options.DefaultVoice ?? model.VoiceIds[0];
        var seed = (int?)request.Seed ?? RandomNumberGenerator.GetInt32(SpeakLimits.MinSeed, SpeakLimits.MaxSeed + 1);
        var task = request.TaskId ?? Guid.CreateVersion7().ToString("N");
        return new SpeakOrder(
            new SpeechDetails(task, voice, seed, model.SampleRate) { VoiceVersion = catalogue?.Version ?? 0 },
            new SpeechInput(segments, voice, seed, request.Speed ?? 1, request.Streaming)
            {
                TextStream = request.TextInput?.ReadAllAsync(),
                Speaker = catalogue?.Content,
                Mode = SpeakModes.ToEngine(SpeakModes.Of(request)),
                Instruction = SpokenInstruction.Of(request.Instruction, request.Emotion, request.Dialect),
                Check = options.SpeechCheck,
                Background = request.Lane == SpeechLane.Batch,
                Resume = request.Resume?.Checkpoint,
            })
        {
            Tenant = request.Tenant,
            Resume = request.Resume,
            Recordings = recordings == SpeakRecordings.None ? recordings : recordings with { Tenant = request.Tenant },
        };
    }

    /// <summary>The order with everything that its recordings decide; itself where it has none. Takes seconds of computing.</summary>
    /// <exception cref="Errors.SpeechException">A recording cannot be used.</exception>
    public Task<SpeakOrder> ListenAsync(ILoadedModel model, ReferenceVoices voices, CancellationToken cancellationToken) =>
        Recordings == SpeakRecordings.None ? Task.FromResult(this) : Recordings.CompleteAsync(this, model, voices, cancellationToken);
}
