using System.Text.Json;
using CosyOrleans.Service.Voices;
using CosyVoice.Enrolment;
using CosyVoice.Weights;

namespace CosyOrleans.Grains.Voices;

/// <summary>A <see cref="VoiceProfile"/>, as it travels and as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("cosy.VoiceMessage")]
public sealed record VoiceMessage
{
    [Id(0)]
    public required string Id { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    [Id(2)]
    public string? Owner { get; init; }

    /// <summary>1 or more; 0 on the way to being saved.</summary>
    [Id(3)]
    public int Version { get; init; }

    [Id(4)]
    public DateTimeOffset Created { get; init; }

    [Id(5)]
    public string? Transcript { get; init; }

    [Id(6)]
    public string? Consent { get; init; }

    [Id(7)]
    public required string ModelKind { get; init; }

    /// <summary>A <see cref="SpeakerTensors"/> file.</summary>
    [Id(8)]
    public required byte[] Content { get; init; }

    /// <summary>A <see cref="RecordingReport"/> in JSON, which may gain properties.</summary>
    [Id(9)]
    public string? Report { get; init; }

    public static VoiceMessage From(VoiceProfile voice) => new()
    {
        Id = voice.Id,
        Name = voice.Name,
        Owner = voice.Owner,
        Version = voice.Version,
        Created = voice.Created,
        Transcript = voice.Transcript,
        Consent = voice.Consent,
        ModelKind = voice.ModelKind,
        Content = SpeakerTensors.Write(voice.Content),
        Report = voice.Report is null ? null : JsonSerializer.Serialize(voice.Report),
    };

    /// <exception cref="CheckpointException">The content is damaged.</exception>
    public VoiceProfile ToProfile() => new()
    {
        Id = Id,
        Name = Name,
        Owner = Owner,
        Version = Version,
        Created = Created,
        Transcript = Transcript,
        Consent = Consent,
        ModelKind = ModelKind,
        Content = SpeakerTensors.Read(Id, Content),
        Report = Report is null ? null : JsonSerializer.Deserialize<RecordingReport>(Report),
    };
}

/// <summary>What saving decided.</summary>
[GenerateSerializer, Immutable, Alias("cosy.VoiceStamp")]
public sealed record VoiceStamp([property: Id(0)] int Version, [property: Id(1)] DateTimeOffset Created);
