using System.Buffers.Binary;
using System.Text;
using CosyVoice.Audio;

namespace CosyOrleans.Service.Formats;

/// <summary>
/// What comes before the samples of a WAV file, with the label. A stream, whose length nobody knows when it begins, states
/// the largest one in both places, which players take for "until the data ends".
/// </summary>
public static class WavHeader
{
    private const int FormatEnd = 36; // Of RIFF and "fmt "; "data" follows in a header without a label.
    private const int SizeAt = 4;

    private static readonly byte[] Label = ListOf("ICMT", AudioLabel.Text);

    /// <summary>Bytes of the header.</summary>
    public static int Length { get; } = WavWriter.HeaderBytes + Label.Length;

    /// <summary>A file can hold no more, because its sizes have 32 bits.</summary>
    public static long MostSamples { get; } = (uint.MaxValue - Length) / sizeof(short);

    /// <param name="sampleRate">Samples per second, 1 or more.</param>
    /// <param name="samples">0 to <see cref="MostSamples"/>; null when they are not known yet.</param>
    public static byte[] Of(int sampleRate, long? samples)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples ?? 0, MostSamples, nameof(samples));
        var plain = WavWriter.Header(sampleRate, samples).AsSpan();
        byte[] header = [.. plain[..FormatEnd], .. Label, .. plain[FormatEnd..]];
        if (samples is not null)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(plain[SizeAt..]) + (uint)Label.Length;
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SizeAt), size);
        }

        return header;
    }

    // Texts end in a zero, and chunks at even places.
    private static byte[] ListOf(string name, string text)
    {
        byte[] value = [.. Encoding.ASCII.GetBytes(text), 0];
        var padded = value.Length % 2 == 0 ? value : [.. value, 0];
        return [.. "LIST"u8, .. Size(4 + 8 + padded.Length), .. "INFO"u8, .. Encoding.ASCII.GetBytes(name), .. Size(value.Length), .. padded];
    }

    private static byte[] Size(int bytes)
    {
        var size = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)bytes);
        return size;
    }
}
