namespace CosyVoice.Enrolment;

/// <summary>What a sound file is by its first bytes, in words for messages.</summary>
internal static class SoundFormat
{
    public static string Describe(ReadOnlySpan<byte> file) =>
        file.StartsWith("ID3"u8) || (file.Length > 1 && file[0] == 0xFF && (file[1] & 0xE6) == 0xE2) ? "an MP3 file"
        : file.Length > 1 && file[0] == 0xFF && (file[1] & 0xF6) == 0xF0 ? "an AAC file"
        : file.StartsWith("OggS"u8) ? "an Ogg file"
        : file.StartsWith("fLaC"u8) ? "a FLAC file"
        : file.Length > 8 && file[4..].StartsWith("ftyp"u8) ? "an MP4 file"
        : file.StartsWith(new byte[] { 0x1A, 0x45, 0xDF, 0xA3 }) ? "a WebM file"
        : file.StartsWith("FORM"u8) ? "an AIFF file"
        : file.StartsWith("RIFF"u8) ? "a compressed WAV file"
        : "of an unknown format";
}
