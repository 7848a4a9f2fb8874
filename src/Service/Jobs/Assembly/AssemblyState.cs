namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>What became of the one sound of a job so far.</summary>
public sealed record AssemblyState(AssemblyStatus Status)
{
    /// <summary>Size of the sound when it is done.</summary>
    public long? Bytes { get; init; }

    /// <summary>Length of the sound when it is done.</summary>
    public double? Seconds { get; init; }

    public int? Chapters { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Code { get; init; }

    /// <summary>Why it failed, in words.</summary>
    public string? Message { get; init; }
}

public enum AssemblyStatus
{
    /// <summary>Not all items are done yet.</summary>
    Pending,
    Running,
    Done,
    Failed,
}

/// <summary>The files of an assembly.</summary>
public enum AssemblyPart
{
    Sound,

    /// <summary>Subtitles as players of films take them.</summary>
    Srt,

    /// <summary>Subtitles as browsers take them (WebVTT).</summary>
    Vtt,
}

/// <summary>Names and types of the files of an assembly.</summary>
public static class AssemblyParts
{
    /// <summary>The ending of a file's name, without a dot.</summary>
    public static string Ending(this AssemblyPart part, AssemblyFormat format) => (part == AssemblyPart.Sound ? format.ToString() : part.ToString()).ToLowerInvariant();

    /// <summary>As of HTTP's Content-Type.</summary>
    public static string ContentType(this AssemblyPart part, AssemblyFormat format) => (part, format) switch
    {
        (AssemblyPart.Srt, _) => "application/x-subrip",
        (AssemblyPart.Vtt, _) => "text/vtt",
        (_, AssemblyFormat.Flac) => "audio/flac",
        (_, AssemblyFormat.M4b) => "audio/mp4",
        _ => "audio/wav",
    };
}
