using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>
/// What comes before the samples of a WAV file with chapters: label, title and author (LIST INFO), a cue point at the beginning
/// of each chapter, and their titles (LIST adtl, labl), in UTF-8.
/// </summary>
internal static class WavAssembly
{
    private const short Pcm = 1;

    /// <exception cref="SpeechException">It is more than a WAV file can hold.</exception>
    public static byte[] Header(AssemblyTimeline timeline, AssemblyPlan plan)
    {
        byte[] before =
        [
            .. "WAVE"u8, .. Chunk("fmt ", Format(timeline.Rate)),
            .. List("INFO", Text("ICMT", AudioLabel.Text), Text("INAM", plan.Title), Text("IART", plan.Author)),
            .. timeline.Chapters.Count == 0 ? [] : Cues(timeline.Chapters),
        ];
        var bytes = timeline.Samples * sizeof(short);
        var size = before.Length + 8 + bytes;
        if (size > uint.MaxValue)
        {
            var hours = ((double)uint.MaxValue / sizeof(short) / timeline.Rate / 3600).ToString("0.#", CultureInfo.InvariantCulture);
            throw SpeechException.Invalid([new Violation(
                SpeechErrorCodes.SoundTooLong, $"The assembly lasts more than {hours} hours, the most that a WAV file can hold.", "Order it with assembly m4b or flac.")]);
        }

        return [.. "RIFF"u8, .. Number((uint)size), .. before, .. "data"u8, .. Number((uint)bytes)];
    }

    private static byte[] Format(int rate)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteInt16LittleEndian(format, Pcm);
        BinaryPrimitives.WriteInt16LittleEndian(format.AsSpan(2), 1);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), rate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(format.AsSpan(12), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(format.AsSpan(14), 8 * sizeof(short));
        return format;
    }

    private static byte[] Cues(IReadOnlyList<AssemblyChapter> chapters)
    {
        var points = chapters.SelectMany((chapter, index) => (byte[])
            [.. Number((uint)index + 1), .. Number((uint)chapter.Start), .. "data"u8, .. Number(0), .. Number(0), .. Number((uint)chapter.Start)]);
        var labels = chapters.Select((chapter, index) => Chunk("labl", [.. Number((uint)index + 1), .. Encoding.UTF8.GetBytes(chapter.Title), 0]));
        return [.. Chunk("cue ", [.. Number((uint)chapters.Count), .. points]), .. List("adtl", [.. labels])];
    }

    private static byte[] List(string kind, params byte[][] chunks) => Chunk("LIST", [.. Encoding.ASCII.GetBytes(kind), .. chunks.SelectMany(chunk => chunk)]);

    private static byte[] Text(string name, string? text) => text is null ? [] : Chunk(name, [.. Encoding.UTF8.GetBytes(text), 0]);

    // At even places.
    private static byte[] Chunk(string name, byte[] content) =>
        [.. Encoding.ASCII.GetBytes(name), .. Number((uint)content.Length), .. content, .. content.Length % 2 == 0 ? (byte[])[] : [0]];

    private static byte[] Number(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
