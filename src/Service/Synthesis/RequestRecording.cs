using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Synthesis;

/// <summary>A recording that came inside a request, as base64.</summary>
public static class RequestRecording
{
    /// <summary>Bytes of a recording: half a minute of uncompressed stereo at 48 kHz.</summary>
    public const int MaxBytes = 12 * 1024 * 1024;

    private const string DataUrl = "data:";
    private const string Encoding = ";base64,";

    /// <summary>The file; null where the field holds none, which is noted.</summary>
    internal static byte[]? Read(string field, string value, List<Violation> violations)
    {
        var text = value.AsSpan();
        if (text.StartsWith(DataUrl, StringComparison.OrdinalIgnoreCase) && text.IndexOf(Encoding) is > 0 and var at)
        {
            text = text[(at + Encoding.Length)..];
        }

        // Four characters are three bytes; checked before memory is taken.
        var most = text.Length / 4L * 3;
        if (most > MaxBytes + 2)
        {
            violations.Add(new Violation(
                SpeechErrorCodes.RecordingInvalid,
                $"{field} is about {most} bytes; at most {MaxBytes} are taken.",
                "Give a shorter recording, or 16-bit mono."));
            return null;
        }

        var bytes = new byte[most];
        if (Convert.TryFromBase64Chars(text, bytes, out var length) && length > 0)
        {
            return bytes[..length];
        }

        violations.Add(new Violation(
            SpeechErrorCodes.RecordingInvalid, $"{field} is not base64.", $"Give the whole sound file as {field}, in base64."));
        return null;
    }
}
