using System.Buffers.Binary;

namespace CosyVoice.Audio;

/// <summary>
/// Reads WAV files: integers of 8, 16, 24 and 32 bits, floats of 32 and 64, plain or extensible headers, any chunks in between. A
/// file that was written to a pipe does not know its length (0, or all ones) and goes on to its end; any other must be
/// as long as it says.
/// </summary>
public static class WavReader
{
    private const int ChunkHeaderBytes = 8;

    // Programs that write to a pipe put one of these there, or a little less for the header's sake.
    private const uint UnknownFrom = 0xFFFF_FF00;
    private const uint UnknownSigned = 0x7FFF_FF00;

    /// <summary>Whether a file begins as a WAV file does.</summary>
    public static bool IsWav(ReadOnlySpan<byte> file) =>
        file.Length >= 12 && (file.StartsWith("RIFF"u8) || file.StartsWith("RF64"u8)) && file[8..].StartsWith("WAVE"u8);

    /// <summary>Whether it is a WAV file, if a damaged one, whose samples are not compressed: what <see cref="Read"/> is for.</summary>
    public static bool IsPlainWav(ReadOnlySpan<byte> file)
    {
        var chunks = new Chunks(file);
        return IsWav(file) && !(chunks.Find("fmt "u8) is { } format && format.Size <= file.Length - format.Start && WavFormat.IsCompressed(Content(file, format)));
    }

    /// <param name="file">The whole file.</param>
    /// <exception cref="AudioFormatException">No WAV file, a damaged or truncated one, or one without sound.</exception>
    public static Recording Read(ReadOnlySpan<byte> file)
    {
        if (!IsWav(file))
        {
            throw new AudioFormatException("The recording is no WAV file.", "Give a WAV file.");
        }

        var chunks = new Chunks(file);
        var format = WavFormat.Read(Content(file, chunks.Find("fmt "u8) ?? throw Damaged("it does not say how its samples are written")));
        var data = chunks.Find("data"u8) ?? throw Damaged("it holds no samples");
        var samples = Samples(file, data);
        var frames = samples.Length / format.BytesPerFrame;
        return frames > 0
            ? new Recording(WavSamples.Average(samples[..(frames * format.BytesPerFrame)], format), format.SampleRate, format.Channels)
            : throw Damaged("it holds no samples");
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file, Chunk chunk) =>
        chunk.Size <= file.Length - chunk.Start ? file.Slice(chunk.Start, (int)chunk.Size) : throw Truncated(file, chunk);

    private static ReadOnlySpan<byte> Samples(ReadOnlySpan<byte> file, Chunk data)
    {
        var whole = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        var unknown = IsUnknown(data.Size) || (data.Size == 0 && (whole == 0 || IsUnknown(whole)));
        return unknown ? file[data.Start..] : Content(file, data);
    }

    private static bool IsUnknown(uint size) => size is >= UnknownFrom or (>= UnknownSigned and <= int.MaxValue);

    private static AudioFormatException Truncated(ReadOnlySpan<byte> file, Chunk chunk) => new(
        $"The WAV file is cut off: {chunk.Size} bytes are to follow its first {chunk.Start}, and {file.Length - chunk.Start} do.",
        "Copy or upload the whole file again.");

    private static AudioFormatException Damaged(string what) => new($"The WAV file cannot be read: {what}.", "Save the recording again as WAV.");

    /// <summary>Where a chunk's content begins, and how long it says it is.</summary>
    private readonly record struct Chunk(int Start, uint Size);

    /// <summary>The chunks behind the first twelve bytes, each at an even distance from the start.</summary>
    private readonly ref struct Chunks(ReadOnlySpan<byte> file)
    {
        private readonly ReadOnlySpan<byte> _file = file;

        public Chunk? Find(ReadOnlySpan<byte> name)
        {
            long at = 12;
            while (at + ChunkHeaderBytes <= _file.Length)
            {
                var header = _file[(int)at..];
                var chunk = new Chunk((int)at + ChunkHeaderBytes, BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
                if (header.StartsWith(name))
                {
                    return chunk;
                }

                at = chunk.Start + (long)chunk.Size + (chunk.Size & 1);
            }

            return null;
        }
    }
}
