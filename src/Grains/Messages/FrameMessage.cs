using System.Runtime.InteropServices;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

namespace CosyOrleans.Grains.Messages;

/// <summary>An <see cref="AudioFrame"/>; samples are little-endian, 16 bit, mono.</summary>
[GenerateSerializer, Immutable, Alias("cosy.FrameMessage")]
public sealed record FrameMessage(
    [property: Id(0)] long Number,
    [property: Id(1)] long SampleOffset,
    [property: Id(2)] byte[] Samples,
    [property: Id(3)] TokensMessage[] Tokens,
    [property: Id(4)] CheckpointMessage? Checkpoint)
{
    [Id(5)]
    public SegmentEndMessage[] Ends { get; init; } = [];

    public static FrameMessage From(AudioFrame frame) => new(
        frame.Number,
        frame.SampleOffset,
        MemoryMarshal.AsBytes(frame.Samples.Span).ToArray(),
        [.. frame.Tokens.Select(tokens => new TokensMessage(tokens.Segment, [.. tokens.Tokens]))],
        frame.Checkpoint is { } checkpoint ? CheckpointMessage.From(checkpoint) : null)
    {
        Ends = [.. frame.Ends.Select(SegmentEndMessage.From)],
    };

    public AudioFrame ToFrame() => new(
        Number,
        SampleOffset,
        MemoryMarshal.Cast<byte, short>(Samples).ToArray(),
        [.. Tokens.Select(tokens => new SegmentTokens(tokens.Segment, tokens.Tokens))],
        Checkpoint?.ToCheckpoint())
    {
        Ends = [.. Ends.Select(end => end.ToEnd())],
    };
}

/// <summary>A <see cref="SegmentTokens"/>.</summary>
[GenerateSerializer, Immutable, Alias("cosy.TokensMessage")]
public sealed record TokensMessage([property: Id(0)] int Segment, [property: Id(1)] int[] Tokens);

/// <summary>A <see cref="SegmentEnd"/>.</summary>
[GenerateSerializer, Immutable, Alias("cosy.SegmentEndMessage")]
public sealed record SegmentEndMessage(
    [property: Id(0)] int Segment, [property: Id(1)] long SampleOffset, [property: Id(2)] string Text, [property: Id(3)] int Fault, [property: Id(4)] bool IsSecondTry)
{
    public static SegmentEndMessage From(SegmentEnd end) => new(end.Segment, end.SampleOffset, end.Text, (int)end.Fault, end.IsSecondTry);

    public SegmentEnd ToEnd() => new(Segment, SampleOffset, Text) { Fault = (SpeechFault)Fault, IsSecondTry = IsSecondTry };
}
