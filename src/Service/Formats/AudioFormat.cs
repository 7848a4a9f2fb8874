namespace CosyOrleans.Service.Formats;

/// <summary>How sound is written. Jobs keep the numbers.</summary>
public enum AudioFormat
{
    Wav = 0,

    /// <summary>16-bit little-endian samples and nothing else.</summary>
    Pcm = 1,
    Flac = 2,
    Mp3 = 3,

    /// <summary>In ADTS frames, which need no index and so can be streamed.</summary>
    Aac = 4,

    /// <summary>In an Ogg stream.</summary>
    Opus = 5,

    /// <summary>G.711 µ-law of telephones in America and Japan: a byte for each sample at 8000 Hz, and nothing else.</summary>
    Ulaw = 6,

    /// <summary>G.711 A-law of telephones elsewhere, written likewise.</summary>
    Alaw = 7,
}

/// <summary>Names of the formats in requests, file names and answers.</summary>
public static class AudioFormats
{
    private static readonly Dictionary<string, AudioFormat> ByName = Enum.GetValues<AudioFormat>().ToDictionary(format => format.ToString().ToLowerInvariant());

    /// <summary>wav, pcm, flac, mp3, aac, opus, ulaw and alaw; each is the ending of a file's name as well.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    /// <summary>For messages: "wav, pcm, flac, mp3, aac, opus, ulaw or alaw".</summary>
    public static string List { get; } = $"{string.Join(", ", Names.SkipLast(1))} or {Names[^1]}";

    /// <summary>The format of a name such as "mp3"; null for any other.</summary>
    public static AudioFormat? Find(string name) => ByName.TryGetValue(name, out var format) ? format : null;

    /// <summary>The format that the name of a file ends in, in any case; null for any other ending and for none.</summary>
    public static AudioFormat? OfFile(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".ogg" => AudioFormat.Opus,
        ['.', .. var ending] => Find(ending),
        _ => null,
    };

    public static string Name(this AudioFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>As of HTTP's Content-Type.</summary>
    public static string ContentType(this AudioFormat format) => format switch
    {
        AudioFormat.Wav => "audio/wav",
        AudioFormat.Pcm => "audio/pcm",
        AudioFormat.Flac => "audio/flac",
        AudioFormat.Mp3 => "audio/mpeg",
        AudioFormat.Aac => "audio/aac",
        AudioFormat.Opus => "audio/ogg; codecs=opus",
        AudioFormat.Ulaw => "audio/basic", // RFC 2046, which means this and nothing else.
        AudioFormat.Alaw => "audio/x-alaw-basic",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
    };

    /// <summary>Whether this process writes it by itself, without ffmpeg.</summary>
    public static bool IsNative(this AudioFormat format) => format is AudioFormat.Wav or AudioFormat.Pcm or AudioFormat.Ulaw or AudioFormat.Alaw;
}
