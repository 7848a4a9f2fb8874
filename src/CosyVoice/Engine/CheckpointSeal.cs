using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>
/// What surrounds a checkpoint's state: a mark with the version of the format, and a digest of the state, of what
/// else the checkpoint says and of what the request says. It finds what was damaged or mixed up on its way, not forgery.
/// </summary>
internal static class CheckpointSeal
{
    /// <summary>To be raised with every change of what follows, or of what a state means.</summary>
    private const uint Mark = 0x43_56_53_02; // "CVS", 2

    private const int DigestBytes = 8;
    private const int HeadBytes = sizeof(uint) + DigestBytes;

    public static ReadOnlyMemory<byte> Close(SpeechRequest request, SpeechCheckpoint checkpoint, ReadOnlySpan<byte> content)
    {
        var state = new byte[HeadBytes + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(state, Mark);
        content.CopyTo(state.AsSpan(HeadBytes));
        Digest(request, checkpoint, content).CopyTo(state.AsSpan(sizeof(uint)));
        return state;
    }

    /// <exception cref="StateException">It is not what <see cref="Close"/> made for the same request.</exception>
    public static StateReader Open(SpeechRequest request, SpeechCheckpoint checkpoint)
    {
        var state = checkpoint.State;
        if (state.Length < HeadBytes || BinaryPrimitives.ReadUInt32BigEndian(state.Span) != Mark)
        {
            throw new StateException(
                "The state of the checkpoint is not of this version of the engine. Continue on one of the same version, or from the beginning of the segment, with no state.");
        }

        var content = state[HeadBytes..];
        if (!state.Span[sizeof(uint)..HeadBytes].SequenceEqual(Digest(request, checkpoint, content.Span)))
        {
            throw new StateException(
                "The checkpoint is damaged or comes from another request. Continue with text, voice, mode, instruction, seed, speed and streaming as they were, or from the beginning.");
        }

        return new StateReader(content);
    }

    private static ReadOnlySpan<byte> Digest(SpeechRequest request, SpeechCheckpoint checkpoint, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = request.TextStream is null ? request.Segments[checkpoint.Segment].Tokens : []; // Who streams text gives it again.
        int[] tokens = [.. checkpoint.Tokens];
        var speaker = request.Speaker;
        double[] numbers =
        [
            request.Seed, request.Speed, request.Streaming ? 1 : 0, checkpoint.Segment, checkpoint.SampleOffset, text.Length, tokens.Length,
            (int)request.Mode, request.Instruction.Length, speaker.PromptText.Length, speaker.PromptSpeechTokens.Length,
            speaker.FlowPromptTokens.Length, speaker.PromptMel.Length,
        ];
        hash.AppendData(MemoryMarshal.AsBytes<double>(numbers));
        hash.AppendData(MemoryMarshal.AsBytes<int>(text));
        hash.AppendData(MemoryMarshal.AsBytes<int>(tokens));
        hash.AppendData(MemoryMarshal.AsBytes(request.Instruction.AsSpan()));
        foreach (var ids in (int[][])[speaker.PromptText, speaker.PromptSpeechTokens, speaker.FlowPromptTokens])
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(ids));
        }

        hash.AppendData(MemoryMarshal.AsBytes<float>(speaker.PromptMel));
        hash.AppendData(MemoryMarshal.AsBytes<float>(speaker.Embedding));
        hash.AppendData(content);
        return hash.GetHashAndReset().AsSpan(0, DigestBytes);
    }
}
