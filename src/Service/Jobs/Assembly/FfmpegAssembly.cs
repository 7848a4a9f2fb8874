using System.Globalization;
using System.Text;
using CosyOrleans.Service.Books;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>How ffmpeg is told to write samples into one file with title, author, cover and chapters: the same bytes every time.</summary>
internal static class FfmpegAssembly
{
    public static AudioFormat Codec(AssemblyFormat format) => format == AssemblyFormat.M4b ? AudioFormat.Aac : AudioFormat.Flac;

    /// <param name="about">A file with <see cref="About"/>.</param>
    /// <param name="cover">A file with a picture; null for none.</param>
    public static IEnumerable<string> Arguments(AssemblyFormat format, int rate, string about, string? cover, string output)
    {
        var codec = Codec(format);
        string[] picture = cover is null ? [] : ["-protocol_whitelist", "file", "-f", IsJpeg(cover) ? "jpeg_pipe" : "png_pipe", "-i", $"file:{cover}"];
        string[] pictureOut = cover is null ? [] : ["-map", "2:v", "-c:v", "copy", "-disposition:v:0", "attached_pic"];
        string[] bits = codec == AudioFormat.Flac ? [] : ["-b:a", FfmpegArguments.BitRate(codec, rate).ToString(CultureInfo.InvariantCulture)];
        return
        [
            "-hide_banner", "-v", "error", "-y", "-threads", "1",
            "-probesize", "32", "-analyzeduration", "0", "-f", "s16le", "-ar", rate.ToString(CultureInfo.InvariantCulture), "-ac", "1", "-i", "pipe:0",
            "-protocol_whitelist", "file", "-f", "ffmetadata", "-i", $"file:{about}", .. picture, "-map", "0:a", .. pictureOut,
            "-map_metadata", "1", "-map_chapters", format == AssemblyFormat.M4b ? "1" : "-1",
            "-fflags", "+bitexact", "-flags:a", "+bitexact", "-flags:v", "+bitexact", "-threads", "1",
            "-c:a", FfmpegArguments.EncoderOf(codec), .. bits, "-f", format == AssemblyFormat.M4b ? "ipod" : "flac", $"file:{output}",
        ];
    }

    /// <summary>The metadata as ffmpeg reads them. FLAC has no chapters of its own, but tags that players take for them.</summary>
    public static string About(AssemblyTimeline timeline, AssemblyPlan plan)
    {
        var about = new StringBuilder(";FFMETADATA1\n");
        void Add(string name, string? value) => about.Append(value is null ? "" : $"{name}={Escaped(value)}\n");
        Add("title", plan.Title);
        Add("album", plan.Title);
        Add("artist", plan.Author);
        Add("genre", "Audiobook");
        Add("comment", AudioLabel.Text);
        for (var i = 0; i < timeline.Chapters.Count && plan.Format == AssemblyFormat.Flac; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"CHAPTER{i:000}");
            Add(name, Subtitles.Time(timeline.Chapters[i].Start, timeline.Rate, '.'));
            Add($"{name}NAME", timeline.Chapters[i].Title);
        }

        for (var i = 0; i < timeline.Chapters.Count && plan.Format == AssemblyFormat.M4b; i++)
        {
            var end = i + 1 < timeline.Chapters.Count ? timeline.Chapters[i + 1].Start : timeline.Samples;
            about.Append(CultureInfo.InvariantCulture, $"[CHAPTER]\nTIMEBASE=1/{timeline.Rate}\nSTART={timeline.Chapters[i].Start}\nEND={end}\n");
            Add("title", timeline.Chapters[i].Title);
        }

        return about.ToString();
    }

    private static string Escaped(string value)
    {
        var escaped = new StringBuilder();
        foreach (var c in value)
        {
            escaped.Append(c is '=' or ';' or '#' or '\\' ? "\\" : "").Append(c is '\r' or '\n' ? ' ' : c);
        }

        return escaped.ToString();
    }

    private static bool IsJpeg(string cover)
    {
        var beginning = new byte[4];
        using var file = File.OpenRead(cover);
        return BookCover.IsJpeg(beginning.AsSpan(0, file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)));
    }
}
