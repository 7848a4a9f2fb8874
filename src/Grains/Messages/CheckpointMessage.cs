using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

namespace CosyOrleans.Grains.Messages;

/// <summary>A <see cref="SpeechCheckpoint"/>.</summary>
[GenerateSerializer, Immutable, Alias("cosy.CheckpointMessage")]
public sealed record CheckpointMessage(
    [property: Id(0)] int Segment, [property: Id(1)] long SampleOffset, [property: Id(2)] int[] Tokens, [property: Id(3)] byte[] State)
{
    public static CheckpointMessage From(SpeechCheckpoint checkpoint) =>
        new(checkpoint.Segment, checkpoint.SampleOffset, [.. checkpoint.Tokens], checkpoint.State.ToArray());

    public SpeechCheckpoint ToCheckpoint() =>
        new() { Segment = Segment, SampleOffset = SampleOffset, Tokens = Tokens, State = State };
}

/// <summary>A <see cref="SpeechResumption"/>.</summary>
[GenerateSerializer, Immutable, Alias("cosy.ResumptionMessage")]
public sealed record ResumptionMessage(
    [property: Id(0)] long FrameNumber, [property: Id(1)] long SampleOffset, [property: Id(2)] CheckpointMessage? Checkpoint)
{
    [Id(3)]
    public HeardMessage? Heard { get; init; }

    public static ResumptionMessage From(SpeechResumption resume) =>
        new(resume.FrameNumber, resume.SampleOffset, resume.Checkpoint is { } checkpoint ? CheckpointMessage.From(checkpoint) : null)
        {
            Heard = resume.Heard is { } heard ? HeardMessage.From(heard) : null,
        };

    public SpeechResumption ToResumption() => new(FrameNumber, SampleOffset, Checkpoint?.ToCheckpoint()) { Heard = Heard?.ToHeard() };
}
