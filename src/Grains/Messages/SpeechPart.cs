using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Messages;

/// <summary>
/// What a worker says while it speaks: the details once, when there is going to be sound; frames; at the very end that it
/// was the end, or an error; and, whenever none of these is due, that it is still there. A stream that stops without an
/// end or an error was cut.
/// </summary>
[GenerateSerializer, Immutable, Alias("cosy.SpeechPart")]
public sealed record SpeechPart
{
    /// <summary>Nothing to say, but alive.</summary>
    public static SpeechPart Heartbeat { get; } = new();

    public static SpeechPart End { get; } = new() { IsEnd = true };

    [Id(0)]
    public DetailsMessage? Details { get; init; }

    [Id(1)]
    public FrameMessage? Frame { get; init; }

    [Id(2)]
    public ErrorMessage? Error { get; init; }

    [Id(3)]
    public bool IsEnd { get; init; }
}

/// <summary>The <see cref="SpeechDetails"/>.</summary>
[GenerateSerializer, Immutable, Alias("cosy.DetailsMessage")]
public sealed record DetailsMessage(
    [property: Id(0)] string TaskId, [property: Id(1)] string VoiceId, [property: Id(2)] int Seed, [property: Id(3)] int SampleRate)
{
    [Id(4)]
    public int VoiceVersion { get; init; }

    [Id(5)]
    public string[] Warnings { get; init; } = [];

    [Id(6)]
    public HeardMessage? Heard { get; init; }

    public static DetailsMessage From(SpeechDetails details) => new(details.TaskId, details.VoiceId, details.Seed, details.SampleRate)
    {
        VoiceVersion = details.VoiceVersion,
        Warnings = [.. details.Warnings],
        Heard = details.Heard is { } heard ? HeardMessage.From(heard) : null,
    };

    public SpeechDetails ToDetails() => new(TaskId, VoiceId, Seed, SampleRate) { VoiceVersion = VoiceVersion, Warnings = Warnings, Heard = Heard?.ToHeard() };
}
