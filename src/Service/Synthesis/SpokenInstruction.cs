using CosyOrleans.Service.Errors;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>How to speak, put together from what a request says about it: dialect, emotion, own words.</summary>
public static class SpokenInstruction
{
    /// <summary>Characters of all of it, in the words that the model gets.</summary>
    public const int MaxLength = 500;

    private const string Neutral = "neutral";
    private const string Cantonese = "cantonese";
    private const string Guangdong = "guangdong";

    /// <summary>Emotions by name; "neutral" asks for nothing.</summary>
    public static IReadOnlyList<string> Emotions { get; } = [Neutral, .. Instructions.Emotions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Dialects by name.</summary>
    public static IReadOnlyList<string> Dialects { get; } = [Cantonese, .. Instructions.Dialects.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Manners by name, which an instruction may be.</summary>
    public static IReadOnlyList<string> Manners { get; } = [.. Instructions.Manners.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether anything is asked for.</summary>
    internal static bool IsGiven(string? instruction, string? emotion, string? dialect) =>
        !string.IsNullOrEmpty(instruction) || emotion is not (null or "" or Neutral) || !string.IsNullOrEmpty(dialect);

    /// <summary>In the words that the model knows; empty when nothing is asked for, or what is asked for is unknown.</summary>
    internal static string Of(string? instruction, string? emotion, string? dialect) => string.Concat(
        Instructions.Dialects.GetValueOrDefault(dialect == Cantonese ? Guangdong : dialect ?? ""),
        Instructions.Emotions.GetValueOrDefault(emotion ?? ""),
        Instructions.Manners.GetValueOrDefault(instruction ?? "", instruction ?? ""));

    /// <summary>What is wrong with it.</summary>
    internal static IEnumerable<Violation> Check(string? instruction, string? emotion, string? dialect)
    {
        if (!string.IsNullOrEmpty(emotion) && !Emotions.Contains(emotion))
        {
            yield return Wrong(
                $"emotion {Quoted.Value(emotion)} is unknown.", $"Give one of the emotions {Quoted.List(Emotions)}, or say it in your own words as the instruction.");
        }

        if (!string.IsNullOrEmpty(dialect) && !Dialects.Contains(dialect))
        {
            yield return Wrong(
                $"dialect {Quoted.Value(dialect)} is unknown.", $"Give one of the dialects {Quoted.List(Dialects)}, or say it in your own words as the instruction.");
        }

        if (string.IsNullOrEmpty(instruction))
        {
            yield break;
        }

        if (string.IsNullOrWhiteSpace(instruction))
        {
            yield return Wrong("The instruction is blank.", "Say how to speak, or leave the instruction out.");
        }
        else if (Of(instruction, emotion, dialect).Length is var length and > MaxLength)
        {
            yield return Wrong(
                $"The instruction has {length} characters, dialect and emotion included; the limit is {MaxLength}.", "Say it in fewer words: one short sentence works best.");
        }

        foreach (var violation in TextRules.Check(instruction, int.MaxValue, "instruction").Where(violation => violation.Code == SpeechErrorCodes.TextUnsupported))
        {
            yield return violation;
        }
    }

    private static Violation Wrong(string message, string solution) => new(SpeechErrorCodes.RequestInvalid, message, solution);
}
