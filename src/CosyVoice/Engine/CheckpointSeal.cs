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
    private const uint Mark = 0x43_56_53_01; // "CVS", 1

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
                "The checkpoint is damaged or comes from another request. Continue with text, voice, seed, speed and streaming as they were, or from the beginning.");
        }

        return new StateReader(content);
    }

    private static ReadOnlySpan<byte> Digest(SpeechRequest request, SpeechCheckpoint checkpoint, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = request.Segments[checkpoint.Segment].Tokens;
        int[] tokens = [.. checkpoint.Tokens];
        double[] numbers =
        [
            request.Seed, request.Speed, request.Streaming ? 1 : 0, checkpoint.Segment, checkpoint.SampleOffset, text.Length, tokens.Length,
        ];
        hash.AppendData(MemoryMarshal.AsBytes<double>(numbers));
        hash.AppendData(MemoryMarshal.AsBytes<int>(text));
        hash.AppendData(MemoryMarshal.AsBytes<int>(tokens));
        hash.AppendData(MemoryMarshal.AsBytes<float>(request.Speaker.Embedding.AsSpan()));
        hash.AppendData(content);
        return hash.GetHashAndReset().AsSpan(0, DigestBytes);
    }
}
