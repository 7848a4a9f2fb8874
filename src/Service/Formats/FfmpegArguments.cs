using System.Globalization;

namespace CosyOrleans.Service.Formats;

/// <summary>How ffmpeg is told what to make: at once, of the same bytes every time, with the label.</summary>
internal static class FfmpegArguments
{
    /// <summary>The encoder that a format takes.</summary>
    public static string EncoderOf(AudioFormat format) => format switch
    {
        AudioFormat.Flac => "flac",
        AudioFormat.Mp3 => "libmp3lame",
        AudioFormat.Aac => "aac",
        AudioFormat.Opus => "libopus",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "ffmpeg is not needed for it."),
    };

    /// <summary>Bits per second, for one voice; 0 for FLAC, which loses nothing.</summary>
    public static int BitRate(AudioFormat format, int sampleRate) => format switch
    {
        AudioFormat.Mp3 or AudioFormat.Aac => sampleRate switch
        {
            <= 8000 => 32_000,
            <= 16000 => 48_000,
            <= 24000 => 64_000,
            _ => 128_000,
        },
        AudioFormat.Opus => sampleRate switch
        {
            <= 8000 => 16_000,
            <= 16000 => 32_000,
            <= 24000 => 48_000,
            _ => 64_000,
        },
        _ => 0,
    };

    public static IEnumerable<string> For(AudioFormat format, int sampleRate, bool whole) =>
    [
        "-hide_banner", "-v", "error", "-threads", "1",
        // The input is what it is said to be: nothing to find out about it first.
        "-probesize", "32", "-analyzeduration", "0", "-f", "s16le", "-ar", Text(sampleRate), "-ac", "1", "-i", "pipe:0",
        // No names of programs and no random numbers of streams.
        "-map_metadata", "-1", "-metadata", $"comment={AudioLabel.Text}", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-threads", "1",
        .. Codec(format, sampleRate, whole), "-flush_packets", "1", "-f", Container(format), "pipe:1",
    ];

    private static IEnumerable<string> Codec(AudioFormat format, int sampleRate, bool whole)
    {
        string[] codec = ["-c:a", EncoderOf(format)];
        string[] rate = ["-b:a", Text(BitRate(format, sampleRate))];
        return format switch
        {
            AudioFormat.Flac => [.. codec, "-metadata_header_padding", "0"],
            AudioFormat.Mp3 => [.. codec, .. rate, "-write_xing", "0"],
            // A page holds 1 s in a file; in a stream it leaves after three packets.
            AudioFormat.Opus => [.. codec, .. rate, "-application", "voip", "-page_duration", whole ? "1000000" : "60000"],
            _ => [.. codec, .. rate],
        };
    }

    private static string Container(AudioFormat format) => format switch
    {
        AudioFormat.Aac => "adts",
        AudioFormat.Opus => "ogg",
        _ => format.Name(),
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
