using System.Security.Cryptography;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Synthesis;

/// <summary>A request after checking, with everything decided that was left open.</summary>
internal sealed record SpeakOrder(SpeechDetails Details, SpeechInput Input)
{
    public SpeechWork Work => new(Input.Segments.Sum(segment => segment.Tokens.Length), Input.Speed)
    {
        Lane = Input.Background ? SpeechLane.Batch : SpeechLane.Interactive,
        IsResumption = Resume is not null,
        SecondsBefore = (double)(Resume?.Checkpoint?.SampleOffset ?? 0) / Details.SampleRate,
    };

    /// <summary>Where to go on; null: from the beginning.</summary>
    public SpeechResumption? Resume { get; init; }

    /// <param name="catalogue">The voice of the catalogue that the request names; null where it names none.</param>
    /// <exception cref="Errors.SpeechException">Names everything that is wrong with the request.</exception>
    public static SpeakOrder From(SpeakRequest request, ILoadedModel model, VoiceProfile? catalogue, SynthesisOptions options)
    {
        var segments = new SpeakRequestRules(model, catalogue, options).Check(request);
        var voice = request.SpeakerId ?? options.DefaultVoice ?? model.VoiceIds[0];
        var seed = (int?)request.Seed ?? RandomNumberGenerator.GetInt32(SpeakLimits.MinSeed, SpeakLimits.MaxSeed + 1);
        var task = request.TaskId ?? Guid.CreateVersion7().ToString("N");
        return new SpeakOrder(
            new SpeechDetails(task, voice, seed, model.SampleRate) { VoiceVersion = catalogue?.Version ?? 0 },
            new SpeechInput(segments, voice, seed, request.Speed ?? 1, request.Streaming)
            {
                Speaker = catalogue?.Content,
                Background = request.Lane == SpeechLane.Batch,
                Resume = request.Resume?.Checkpoint,
            })
        {
            Resume = request.Resume,
        };
    }
}
