using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Frontend.Speech;

/// <summary>Fields that say what the sound is to become.</summary>
internal static class SoundFields
{
    private const string SampleRateName = "sample_rate";

    public static Field SampleRate { get; } = new(
        SampleRateName, FieldType.Integer, $"Samples per second: {string.Join(", ", AudioOutput.SampleRates)} (opus: not 22050 and 44100; ulaw and alaw: 8000 alone). Left out: the model's own.");

    /// <summary>What the fields ask for; what is wrong with it, or cannot be had on this machine, is noted in the values.</summary>
    public static async ValueTask<AudioOutput> ReadAsync(FieldValues values, string field, AudioFormat whenLeftOut, AudioEncoders encoders)
    {
        var name = values.Text(field);
        if ((name is null ? whenLeftOut : AudioFormats.Find(name)) is not { } format)
        {
            values.Wrong(SpeechErrorCodes.RequestInvalid, $"{field} {Quoted.Value(name!)} is unknown.", $"Give {field} {AudioFormats.List}.");
            return new AudioOutput(whenLeftOut);
        }

        if (await encoders.WhyNotAsync(format) is { } problem)
        {
            var left = name is null ? $"{field} is left out, which means {format.Name()}. " : "";
            values.Wrong(problem.Code, left + problem.Message, problem.Solution);
        }

        var rate = values.Integer(SampleRateName);
        if (AudioOutput.CheckRate(format, rate) is { } wrong)
        {
            values.Wrong(wrong.Code, wrong.Message, wrong.Solution);
            return new AudioOutput(format);
        }

        return new AudioOutput(format, (int?)rate);
    }
}
