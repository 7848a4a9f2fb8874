using System.Buffers.Binary;

namespace CosyVoice.Audio;

/// <summary>The <c>fmt </c> chunk of a WAV file: how its samples are written.</summary>
internal readonly record struct WavFormat(WavEncoding Encoding, int Channels, int SampleRate, int BytesPerSample)
{
    public const int MostChannels = 8;
    public const int HighestSampleRate = 768_000;

    private const int PlainBytes = 16;
    private const int ExtensibleBytes = 40;
    private const ushort ExtensibleTag = 0xFFFE;

    // What follows the two bytes of the tag in the sub-format of an extensible header.
    private static readonly byte[] SubFormatTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public int BytesPerFrame => BytesPerSample * Channels;

    /// <exception cref="AudioFormatException">The header contradicts itself, or the encoding is none of those read here.</exception>
    public static WavFormat Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < PlainBytes)
        {
            throw Damaged($"its format takes {chunk.Length} bytes, and {PlainBytes} are the least");
        }

        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var frameBytes = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        if (channels is 0 or > MostChannels)
        {
            throw Damaged($"it has {channels} channels, and 1 to {MostChannels} can be read");
        }

        if (rate is 0 or > HighestSampleRate)
        {
            throw Damaged($"it has {rate} samples per second, and 1 to {HighestSampleRate} can be read");
        }

        var encoding = ReadEncoding(chunk);
        var bytes = frameBytes / channels;
        var fits = encoding == WavEncoding.Float ? bytes is 4 or 8 : bytes is >= 1 and <= 4;
        return fits && bytes * channels == frameBytes
            ? new WavFormat(encoding, channels, (int)rate, bytes)
            : throw Damaged($"{frameBytes} bytes for {channels} samples of {(encoding == WavEncoding.Float ? "floats" : "integers")} cannot be read");
    }

    /// <summary>Whether the samples after a <c>fmt </c> chunk are anything but plain numbers.</summary>
    public static bool IsCompressed(ReadOnlySpan<byte> chunk) => chunk.Length >= PlainBytes && Tag(chunk) is not (1 or 3);

    private static WavEncoding ReadEncoding(ReadOnlySpan<byte> chunk) => Tag(chunk) switch
    {
        1 => WavEncoding.Integer,
        3 => WavEncoding.Float,
        var other => throw new AudioFormatException(
            $"The samples of the WAV file are encoded as 0x{other:X4}, which cannot be read.", "Save it as PCM, 16 or 24 bits."),
    };

    private static ushort Tag(ReadOnlySpan<byte> chunk)
    {
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        return tag == ExtensibleTag && chunk.Length >= ExtensibleBytes && chunk[26..ExtensibleBytes].SequenceEqual(SubFormatTail)
            ? BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..])
            : tag;
    }

    private static AudioFormatException Damaged(string what) => new($"The WAV file cannot be read: {what}.", "Save the recording again as WAV.");
}

internal enum WavEncoding
{
    /// <summary>Of 8 bits without sign, of more with sign.</summary>
    Integer,
    Float,
}
