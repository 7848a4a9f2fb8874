using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>The recordings of a request, which have to be listened to before it can be spoken.</summary>
/// <param name="Reference">Whose voice is to speak; null: a voice of the catalogue.</param>
/// <param name="Transcript">What is said in the reference; empty where nobody said.</param>
/// <param name="Source">What is to be said in that voice; null: a text.</param>
internal sealed record SpeakRecordings(byte[]? Reference, string Transcript, byte[]? Source)
{
    private const double LongestSeconds = 30;
    private const double UsualBytesPerSecond = 48_000;

    public static SpeakRecordings None { get; } = new(null, "", null);

    /// <summary>Who sent them: whether somebody else did before is not to be found out by how long it takes.</summary>
    public string? Tenant { get; init; }

    /// <summary>How long the source lasts, more or less: before it is listened to only its size is known.</summary>
    public double? SourceSeconds => Source is null ? null : Math.Clamp(Source.Length / UsualBytesPerSecond, 1, LongestSeconds);

    /// <summary>The order with what is heard in them, or was before by whoever began with the speech.</summary>
    /// <exception cref="Errors.SpeechException">They cannot be used; everything that is wrong with the first such is named.</exception>
    public async Task<SpeakOrder> CompleteAsync(SpeakOrder order, ILoadedModel model, ReferenceVoices voices, CancellationToken cancellationToken)
    {
        var heard = order.Resume?.Heard is { } known && known.Fits(this, model) ? known : await HearAsync(model, voices, cancellationToken);
        return order with
        {
            Details = order.Details with { Warnings = heard.Warnings, Heard = heard },
            Input = order.Input with
            {
                Speaker = heard.Voice ?? order.Input.Speaker,
                Segments = heard.Source is { } tokens ? SpeechModel.PrepareSource(tokens) : order.Input.Segments,
            },
        };
    }

    private async Task<HeardRecordings> HearAsync(ILoadedModel model, ReferenceVoices voices, CancellationToken cancellationToken)
    {
        var voice = Reference is null ? null : await voices.GetAsync(Reference, Transcript, model, cancellationToken, Tenant);
        var source = Source is null ? null : await RecordedVoice.ListenAsync(() => model.ListenAsync(Source, cancellationToken));
        return new HeardRecordings(voice?.Content, source, [.. voice?.Report?.Warnings.Select(warning => $"{warning.Message} {warning.Solution}") ?? []]);
    }
}
