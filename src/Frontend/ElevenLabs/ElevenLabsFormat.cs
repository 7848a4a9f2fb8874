using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>ElevenLabs' names of formats, such as mp3_44100_128: kind, samples per second and kilobits per second. The last does not count.</summary>
internal static class ElevenLabsFormat
{
    public const string Default = "mp3_44100_128";

    private const string Examples = "mp3_44100_128, mp3_22050_32, pcm_16000, pcm_24000, ulaw_8000, alaw_8000, wav_44100 or opus_48000_64";

    /// <summary>What a name means.</summary>
    /// <exception cref="SpeechException">It is unknown, or cannot be had.</exception>
    public static AudioOutput Read(string? name)
    {
        name = string.IsNullOrEmpty(name) ? Default : name;
        var parts = name.Split('_');
        var format = parts[0] switch
        {
            "mp3" => AudioFormat.Mp3,
            "pcm" => AudioFormat.Pcm,
            "wav" => AudioFormat.Wav,
            "opus" => AudioFormat.Opus,
            "ulaw" => AudioFormat.Ulaw,
            "alaw" => AudioFormat.Alaw,
            _ => (AudioFormat?)null,
        };
        var isWellFormed = parts.Length is 2 or 3 && parts.Skip(1).All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        if (format is not { } known || !isWellFormed)
        {
            throw SpeechException.Invalid([new Violation(SpeechErrorCodes.RequestInvalid, $"output_format {Quoted.Value(name)} cannot be had.", $"Give one such as {Examples}.")]);
        }

        var rate = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return AudioOutput.CheckRate(known, rate) is { } wrong
            ? throw SpeechException.Invalid([wrong with { Solution = $"Give an output_format such as {Examples}." }]) : new AudioOutput(known, rate);
    }
}
