using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>
/// How DashScope's clients say what a speech is to be like. What would change the sound and cannot be done is refused by name; what
/// is a hint (language_hints, bit_rate, the name of the model) or unknown does not count.
/// </summary>
internal static class DashScopeParameters
{
    private const int DefaultSampleRate = 22050;
    private const double UsualVolume = 50;

    /// <summary>The speech without its text; what is wrong is noted in the parameters.</summary>
    public static (SpeakRequest Request, AudioOutput Output, double Gain, bool IsTimed) Read(OpenJson parameters)
    {
        var output = Output(parameters);
        RefuseWhatCannotBeDone(parameters);
        var gain = (parameters.Number("volume", 0, 100) ?? UsualVolume) / UsualVolume;
        var request = new SpeakRequest
        {
            SpeakerId = Given(parameters.Text("voice")),
            Speed = parameters.Number("rate", SpeakLimits.MinSpeed, SpeakLimits.MaxSpeed),
            Seed = parameters.Integer("seed", 0, SpeakLimits.MaxSeed) is { } seed and not 0 ? seed : null, // 0 is what clients send who want none.
            Instruction = Given(parameters.Text("instruction")),
        };
        return (request, output, gain, parameters.Flag("word_timestamp_enabled") ?? false);
    }

    private static AudioOutput Output(OpenJson parameters)
    {
        var name = Given(parameters.Text("format"))?.ToLowerInvariant() ?? "default";
        var format = name == "default" ? AudioFormat.Mp3 : AudioFormats.Find(name);
        var rate = parameters.Integer("sample_rate", 0, int.MaxValue) is { } given and not 0 ? given : (long?)null;
        if (format is not { } known)
        {
            parameters.Wrong($"format {Quoted.Value(name)} is unknown.", $"Give format {AudioFormats.List}.");
            return new AudioOutput(AudioFormat.Mp3);
        }

        if (AudioOutput.CheckRate(known, rate) is { } wrong)
        {
            parameters.Wrong(wrong.Message, wrong.Solution);
            return new AudioOutput(known);
        }

        // Opus has no 22050, and telephones have nothing but 8000.
        return new AudioOutput(known, (int?)rate ?? (AudioOutput.CheckRate(known, DefaultSampleRate) is null ? DefaultSampleRate : null));
    }

    private static void RefuseWhatCannotBeDone(OpenJson parameters)
    {
        if (parameters.Number("pitch", 0.5, 2) is not (null or 1))
        {
            parameters.Wrong("pitch cannot be changed: the model has no control for it.", "Leave pitch out, or give 1.0.");
        }

        // Clients set enable_ssml for texts without any: see DashScopeTask.
        _ = parameters.Flag("enable_ssml");
        if ((parameters.Text("text_type") ?? "PlainText").Equals("SSML", StringComparison.OrdinalIgnoreCase))
        {
            parameters.Wrong("SSML is not understood.", "Give text_type PlainText, and send the text without tags.");
        }

        var fixes = parameters.In("hot_fix");
        if (fixes.IsGiven("pronunciation") || fixes.IsGiven("replace"))
        {
            parameters.Wrong("hot_fix is not offered.", "Leave hot_fix out, and replace words before they are sent.");
        }
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
