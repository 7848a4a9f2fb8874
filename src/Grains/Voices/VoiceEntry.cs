using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Voices;

/// <summary>A voice as it is listed.</summary>
[GenerateSerializer, Immutable, Alias("cosy.VoiceEntry")]
public sealed record VoiceEntry
{
    [Id(0)]
    public required string Id { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    [Id(2)]
    public string? Owner { get; init; }

    [Id(3)]
    public int Version { get; init; }

    [Id(4)]
    public DateTimeOffset Created { get; init; }

    [Id(5)]
    public required string ModelKind { get; init; }

    public static VoiceEntry From(VoiceMessage voice) => new()
    {
        Id = voice.Id,
        Name = voice.Name,
        Owner = voice.Owner,
        Version = voice.Version,
        Created = voice.Created,
        ModelKind = voice.ModelKind,
    };

    public Voice ToVoice() => new(Id, Name, ModelKind) { Version = Version, Owner = Owner, Created = Created };
}
