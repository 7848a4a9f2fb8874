using System.Buffers.Binary;

namespace CosyOrleans.Frontend.Speech;

/// <summary>The 44 bytes before the samples of a 16-bit mono WAV file.</summary>
internal static class WavHeader
{
    public const int Size = 44;

    // What players take as "until the end": the length of a stream is not known when its header leaves.
    private const uint Unknown = uint.MaxValue;

    public static void Write(Span<byte> header, int sampleRate, long? dataBytes)
    {
        const int BytesPerSample = sizeof(short);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], dataBytes is { } bytes ? checked((uint)(bytes + Size - 8)) : Unknown);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], (uint)sampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)(sampleRate * BytesPerSample));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 8 * BytesPerSample);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataBytes is { } data ? checked((uint)data) : Unknown);
    }
}
