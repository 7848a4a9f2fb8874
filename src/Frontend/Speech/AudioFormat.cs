using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Speech;

internal enum AudioFormat
{
    /// <summary>16-bit little-endian samples and nothing else.</summary>
    Pcm,
    Wav,
}

internal static class AudioFormats
{
    public static readonly string[] Names = ["pcm", "wav"];

    private static readonly string[] Later = ["mp3", "opus", "aac", "flac"];

    public static string ContentType(this AudioFormat format) => format == AudioFormat.Wav ? "audio/wav" : "audio/pcm";

    /// <summary>The format that a field names; what is wrong with it is noted in the values.</summary>
    public static AudioFormat Read(FieldValues values, string field, AudioFormat whenLeftOut)
    {
        var name = values.Text(field);
        switch (name)
        {
            case "pcm":
                return AudioFormat.Pcm;
            case "wav":
                return AudioFormat.Wav;
            case null:
                return whenLeftOut;
            default:
                var message = Later.Contains(name)
                    ? $"{field} {name} is not offered by this server yet."
                    : $"{field} {Quoted.Value(name)} is unknown.";
                var code = Later.Contains(name) ? SpeechErrorCodes.NotOffered : SpeechErrorCodes.RequestInvalid;
                values.Wrong(code, message, $"Give {field} wav or pcm.");
                return whenLeftOut;
        }
    }
}
