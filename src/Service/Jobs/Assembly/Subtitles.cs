using System.Globalization;
using System.Text;

namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>Subtitles with a cue for each item, as long as its sound: SRT and WebVTT.</summary>
internal sealed class Subtitles : IDisposable
{
    private readonly FileStream _srtFile;
    private readonly FileStream _vttFile;
    private readonly StreamWriter _srt;
    private readonly StreamWriter _vtt;
    private int _count;

    public Subtitles(string srtPath, string vttPath)
    {
        _srtFile = new FileStream(srtPath, FileMode.CreateNew, FileAccess.Write);
        _vttFile = new FileStream(vttPath, FileMode.CreateNew, FileAccess.Write);
        (_srt, _vtt) = (new StreamWriter(_srtFile) { NewLine = "\n" }, new StreamWriter(_vttFile) { NewLine = "\n" });
        _vtt.WriteLine("WEBVTT\n");
        _vtt.WriteLine($"NOTE {Formats.AudioLabel.Text}\n");
    }

    public void Add(string text, long start, long end, int rate)
    {
        _count++;
        var lines = string.Join('\n', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        _srt.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_count}\n{Time(start, rate, ',')} --> {Time(end, rate, ',')}\n{lines.Replace("-->", "->", StringComparison.Ordinal)}\n"));
        var escaped = new StringBuilder(lines).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
        _vtt.WriteLine($"{Time(start, rate, '.')} --> {Time(end, rate, '.')}\n{escaped}\n");
    }

    public void Flush()
    {
        _srt.Flush();
        _vtt.Flush();
        _srtFile.Flush(flushToDisk: true);
        _vttFile.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _srt.Dispose();
        _vtt.Dispose();
    }

    /// <summary>HH:MM:SS and milliseconds after the mark.</summary>
    internal static string Time(long samples, int rate, char mark)
    {
        var milliseconds = (long)((Int128)samples * 1000 / rate);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds / 3_600_000:00}:{milliseconds / 60_000 % 60:00}:{milliseconds / 1000 % 60:00}{mark}{milliseconds % 1000:000}");
    }
}
