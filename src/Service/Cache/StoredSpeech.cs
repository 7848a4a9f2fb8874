using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Cache;

/// <summary>
/// A whole speech as a file: a mark, the length of a header, the header as JSON, the samples (16 bit, little-endian), and the
/// SHA-256 of all that. A file that a crash cut short, or that the disk spoiled, is not taken for a speech.
/// </summary>
internal sealed record StoredSpeech(SpeechDetails Details, IReadOnlyList<AudioFrame> Frames)
{
    private const int HeadBytes = sizeof(ulong) + sizeof(int);
    private static readonly ulong Mark = BinaryPrimitives.ReadUInt64LittleEndian("CosyAud1"u8);

    public byte[] ToBytes(string key)
    {
        var samples = Frames.Sum(frame => frame.Samples.Length);
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header
        {
            Key = key,
            VoiceId = Details.VoiceId,
            VoiceVersion = Details.VoiceVersion,
            Seed = Details.Seed,
            SampleRate = Details.SampleRate,
            Warnings = [.. Details.Warnings],
            FrameSamples = Frames[0].Samples.Length,
            Samples = samples,
            Tokens = [.. Frames.SelectMany(frame => frame.Tokens.Select(tokens => new Header.Token(frame.Number, tokens.Segment, [.. tokens.Tokens])))],
            Ends = [.. Frames.SelectMany(frame => frame.Ends.Select(end => new Header.End(frame.Number, end)))],
        });
        var bytes = new byte[HeadBytes + header.Length + (samples * sizeof(short)) + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(ulong)), header.Length);
        header.CopyTo(bytes, HeadBytes);
        var at = HeadBytes + header.Length;
        foreach (var frame in Frames)
        {
            var part = MemoryMarshal.AsBytes(frame.Samples.Span);
            part.CopyTo(bytes.AsSpan(at));
            at += part.Length;
        }

        SHA256.HashData(bytes.AsSpan(0, at), bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>Null where the bytes are not the whole speech that was stored under this key.</summary>
    public static StoredSpeech? Read(byte[] bytes, string key)
    {
        var end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < HeadBytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Mark
            || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(sizeof(ulong)));
        var header = JsonSerializer.Deserialize<Header>(bytes.AsSpan(HeadBytes, length))!;
        return header.Key == key ? new StoredSpeech(header.ToDetails(), header.ToFrames(bytes.AsSpan(HeadBytes + length, end - HeadBytes - length))) : null;
    }

    private sealed record Header
    {
        public required string Key { get; init; }

        public required string VoiceId { get; init; }

        public int VoiceVersion { get; init; }

        public int Seed { get; init; }

        public int SampleRate { get; init; }

        public string[] Warnings { get; init; } = [];

        public int FrameSamples { get; init; }

        public int Samples { get; init; }

        public Token[] Tokens { get; init; } = [];

        public End[] Ends { get; init; } = [];

        public SpeechDetails ToDetails() => new("", VoiceId, Seed, SampleRate) { VoiceVersion = VoiceVersion, Warnings = Warnings };

        public AudioFrame[] ToFrames(ReadOnlySpan<byte> sound)
        {
            var samples = MemoryMarshal.Cast<byte, short>(sound).ToArray();
            var tokens = Tokens.ToLookup(token => token.Frame, token => new SegmentTokens(token.Segment, token.Ids));
            var ends = Ends.ToLookup(end => end.Frame, end => end.Of);
            return [.. Enumerable.Range(0, (Samples + FrameSamples - 1) / FrameSamples).Select(number =>
            {
                var offset = number * FrameSamples;
                return new AudioFrame(number, offset, samples.AsMemory(offset, Math.Min(FrameSamples, Samples - offset)), [.. tokens[number]])
                {
                    Ends = [.. ends[number]],
                };
            })];
        }

        public sealed record Token(long Frame, int Segment, int[] Ids);

        public sealed record End(long Frame, SegmentEnd Of);
    }
}
