using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>Why sound cannot be had in a format.</summary>
internal static class FormatErrors
{
    private const string Install = "or install ffmpeg where the server runs (Debian and Ubuntu: apt-get install ffmpeg).";

    public static Violation NotInstalled(AudioFormat format) => new(
        SpeechErrorCodes.FormatUnavailable,
        $"Format {format.Name()} is written by the program ffmpeg, which is not installed on this server.",
        $"Give format wav or pcm, {Install}");

    public static Violation WithoutEncoder(AudioFormat format, string encoder) => new(
        SpeechErrorCodes.FormatUnavailable,
        $"Format {format.Name()} needs an ffmpeg with the encoder {encoder}; the one of this server was built without it.",
        $"Give format wav or pcm, {Install}");

    public static Violation Unusable(AudioFormat format, string why) => new(
        SpeechErrorCodes.FormatUnavailable, $"Format {format.Name()} is written by the program ffmpeg. {why}", $"Give format wav or pcm, {Install}");

    public static SpeechException Busy(int most) => new(
        SpeechErrorKind.Busy, SpeechErrorCodes.ServerBusy, $"All {most} encoders of this server are in use.", "Ask again after the time in Retry-After, or give format wav or pcm.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static SpeechException Failed(string what, Exception? cause = null) => new(
        SpeechErrorKind.Internal, SpeechErrorCodes.EncodingFailed, $"The sound could not be encoded: {what}.", "Try again, or give format wav or pcm.", cause);
}
