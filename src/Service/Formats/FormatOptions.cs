using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Service.Formats;

/// <summary>How much is spent on formats that ffmpeg writes: FLAC, MP3, AAC and Opus.</summary>
public sealed class FormatOptions
{
    /// <summary>ffmpeg programs at the same time, each of which takes some 20 MB; whoever comes when all are busy is asked to come again. 1 to 1,000, default 64.</summary>
    [Range(1, 1000)]
    public int MaxEncoders { get; init; } = 64;

    /// <summary>Seconds after which a program that neither takes sound nor gives any is ended. 1 to 600, default 10.</summary>
    [Range(1.0, 600.0)]
    public double StallSeconds { get; init; } = 10;
}
