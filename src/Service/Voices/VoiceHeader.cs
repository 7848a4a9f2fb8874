using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CosyVoice.Enrolment;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Voices;

/// <summary>voice.json: all of a version but its content, which lies beside it, in a form that a person can read.</summary>
internal sealed record VoiceHeader
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true, // Files come from anywhere.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Owner { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? Transcript { get; init; }

    public string? Consent { get; init; }

    public required string ModelKind { get; init; }

    public RecordingReport? Report { get; init; }

    /// <summary>SHA-256 of the content's file.</summary>
    public required string ContentSha256 { get; init; }

    [JsonIgnore]
    public Voice Voice => new(Id, Name, ModelKind) { Version = Version, Owner = Owner, Created = Created };

    public static VoiceHeader Of(VoiceProfile voice, ReadOnlySpan<byte> content) => new()
    {
        Id = voice.Id,
        Name = voice.Name,
        Owner = voice.Owner,
        Version = voice.Version,
        Created = voice.Created,
        Transcript = voice.Transcript,
        Consent = voice.Consent,
        ModelKind = voice.ModelKind,
        Report = voice.Report,
        ContentSha256 = Digest(content),
    };

    /// <exception cref="JsonException">It is not one.</exception>
    /// <exception cref="InvalidDataException">It is not of this version of this voice.</exception>
    public static VoiceHeader Read(byte[] json, string id, int version)
    {
        var header = Read(json);
        return header.Id == id && header.Version == version
            ? header
            : throw new InvalidDataException($"voice.json is of version {header.Version} of {header.Id}");
    }

    /// <exception cref="JsonException">It is not one.</exception>
    /// <exception cref="InvalidDataException">There is nothing.</exception>
    public static VoiceHeader Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<VoiceHeader>(json, Options) ?? throw new InvalidDataException("voice.json is empty");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="InvalidDataException">The content is not what was saved.</exception>
    /// <exception cref="CheckpointException">The content was never a voice.</exception>
    public VoiceProfile With(byte[] content)
    {
        if (Digest(content) != ContentSha256)
        {
            throw new InvalidDataException("its content is not what was saved");
        }

        return new VoiceProfile
        {
            Id = Id,
            Name = Name,
            Owner = Owner,
            Version = Version,
            Created = Created,
            Transcript = Transcript,
            Consent = Consent,
            ModelKind = ModelKind,
            Report = Report,
            Content = SpeakerTensors.Read(Id, content),
        };
    }

    private static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
