using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Speech;

/// <summary>Fields that every way to speak has.</summary>
internal static class SpeechFields
{
    public static Field Speed { get; } = new("speed", FieldType.Number, "How fast to speak.")
    {
        Minimum = SpeakLimits.MinSpeed,
        Maximum = SpeakLimits.MaxSpeed,
        Default = "1.0",
    };

    public static Field Seed { get; } = new(
        "seed", FieldType.Integer, "The same text, voice and seed give the same sound. Left out: a random one, named in X-Seed.")
    {
        Minimum = SpeakLimits.MinSeed,
        Maximum = SpeakLimits.MaxSeed,
    };
}
