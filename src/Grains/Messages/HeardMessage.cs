using CosyOrleans.Service.Synthesis;
using CosyVoice.Weights;

namespace CosyOrleans.Grains.Messages;

/// <summary>A <see cref="HeardRecordings"/>; the voice is a <see cref="SpeakerTensors"/> file.</summary>
[GenerateSerializer, Immutable, Alias("cosy.HeardMessage")]
public sealed record HeardMessage
{
    [Id(0)]
    public string VoiceId { get; init; } = "";

    [Id(1)]
    public byte[]? Voice { get; init; }

    [Id(2)]
    public int[]? Source { get; init; }

    [Id(3)]
    public string[] Warnings { get; init; } = [];

    public static HeardMessage From(HeardRecordings heard) => new()
    {
        VoiceId = heard.Voice?.Id ?? "",
        Voice = heard.Voice is { } voice ? SpeakerTensors.Write(voice) : null,
        Source = heard.Source is { } source ? [.. source] : null,
        Warnings = [.. heard.Warnings],
    };

    /// <exception cref="CheckpointException">The voice is damaged.</exception>
    public HeardRecordings ToHeard() => new(Voice is null ? null : SpeakerTensors.Read(VoiceId, Voice), Source, Warnings);
}
