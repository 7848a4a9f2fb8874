using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Voices;

/// <summary>A <see cref="VoiceChange"/> of a voice that keeps its id.</summary>
[GenerateSerializer, Immutable, Alias("cosy.VoiceChangeMessage")]
public sealed record VoiceChangeMessage
{
    [Id(0)]
    public string? Name { get; init; }

    [Id(1)]
    public string? Owner { get; init; }

    [Id(2)]
    public string? Consent { get; init; }

    public static VoiceChangeMessage From(VoiceChange change) => new() { Name = change.Name, Owner = change.Owner, Consent = change.Consent };

    public VoiceMessage ApplyTo(VoiceMessage voice) => voice with
    {
        Name = Name ?? voice.Name,
        Owner = VoiceChange.Changed(Owner, voice.Owner),
        Consent = VoiceChange.Changed(Consent, voice.Consent),
    };
}
