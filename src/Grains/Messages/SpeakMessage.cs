using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Messages;

/// <summary>A <see cref="SpeakRequest"/> on its way to a worker. Whoever sends it has decided on a seed and a task id.</summary>
[GenerateSerializer, Immutable, Alias("cosy.SpeakMessage")]
public sealed record SpeakMessage
{
    [Id(0)]
    public string? Mode { get; init; }

    [Id(1)]
    public string? Text { get; init; }

    [Id(2)]
    public string? SpeakerId { get; init; }

    [Id(3)]
    public double? Speed { get; init; }

    [Id(4)]
    public long? Seed { get; init; }

    [Id(5)]
    public bool Streaming { get; init; }

    [Id(6)]
    public string? TaskId { get; init; }

    [Id(7)]
    public long? SampleRate { get; init; }

    [Id(8)]
    public string? ReferenceAudio { get; init; }

    [Id(9)]
    public string? ReferenceText { get; init; }

    [Id(10)]
    public string? Emotion { get; init; }

    [Id(11)]
    public string? Dialect { get; init; }

    [Id(12)]
    public bool Batch { get; init; }

    [Id(13)]
    public ResumptionMessage? Resume { get; init; }

    [Id(14)]
    public ViolationMessage[] Unreadable { get; init; } = [];

    [Id(15)]
    public int? VoiceVersion { get; init; }

    [Id(16)]
    public string? Instruction { get; init; }

    [Id(17)]
    public string? SourceAudio { get; init; }

    /// <summary>Under which name the text will arrive, in <see cref="TextMessage"/>s, once the first part was heard; null where there is a whole one.</summary>
    [Id(18)]
    public string? TextId { get; init; }

    [Id(19)]
    public string? Tenant { get; init; }

    public static SpeakMessage From(SpeakRequest request) => new()
    {
        Mode = request.Mode,
        Text = request.Text,
        SpeakerId = request.SpeakerId,
        VoiceVersion = request.VoiceVersion,
        Speed = request.Speed,
        Seed = request.Seed,
        Streaming = request.Streaming,
        TaskId = request.TaskId,
        SampleRate = request.SampleRate,
        ReferenceAudio = request.ReferenceAudio,
        ReferenceText = request.ReferenceText,
        SourceAudio = request.SourceAudio,
        Instruction = request.Instruction,
        Emotion = request.Emotion,
        Dialect = request.Dialect,
        Tenant = request.Tenant,
        Batch = request.Lane == SpeechLane.Batch,
        Resume = request.Resume is { } resume ? ResumptionMessage.From(resume) : null,
        Unreadable = [.. request.Unreadable.Select(ViolationMessage.From)],
    };

    /// <param name="text">What arrives under <see cref="TextId"/>.</param>
    public SpeakRequest ToRequest(TextInput? text = null) => new()
    {
        TextInput = text,
        Mode = Mode,
        Text = Text,
        SpeakerId = SpeakerId,
        VoiceVersion = VoiceVersion,
        Speed = Speed,
        Seed = Seed,
        Streaming = Streaming,
        TaskId = TaskId,
        SampleRate = SampleRate,
        ReferenceAudio = ReferenceAudio,
        ReferenceText = ReferenceText,
        SourceAudio = SourceAudio,
        Instruction = Instruction,
        Emotion = Emotion,
        Dialect = Dialect,
        Tenant = Tenant,
        Lane = Batch ? SpeechLane.Batch : SpeechLane.Interactive,
        Resume = Resume?.ToResumption(),
        Unreadable = [.. Unreadable.Select(violation => violation.ToViolation())],
    };
}
