using System.Buffers;
using System.Globalization;
using System.Text;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Synthesis;

/// <summary>What a text must be like for any model.</summary>
internal static class TextRules
{
    public static Violation NothingToSpeak { get; } = new(
        SpeechErrorCodes.TextEmpty,
        "There is nothing in the text that can be spoken.",
        "Give a text with at least one word, character or number.");

    public static Violation Missing { get; } = new(SpeechErrorCodes.RequestInvalid, "The text is missing.", "Give the text to speak.");

    /// <summary>Brackets that are meant as a pronunciation mark which the model does not have.</summary>
    public static Violation UnknownMark(string problem) => new(
        SpeechErrorCodes.TextUnsupported, problem, "Write the mark with the units that the message names, or without brackets.");

    /// <param name="what">The text, in messages.</param>
    public static IEnumerable<Violation> Check(string text, int maxCharacters, string what = "text")
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            yield return NothingToSpeak;
            yield break;
        }

        if (FirstUnspeakable(text, what, out var characters) is { } unspeakable)
        {
            yield return unspeakable;
        }

        if (characters > maxCharacters)
        {
            yield return new Violation(
                SpeechErrorCodes.TextTooLong,
                string.Create(CultureInfo.InvariantCulture, $"The {what} has {characters:N0} characters; the limit is {maxCharacters:N0}."),
                "Send it in several requests, cut between sentences.");
        }
    }

    /// <summary>What of a written text was more than can be taken.</summary>
    public static Violation TooMuchWritten { get; } = new(
        SpeechErrorCodes.TextTooLong,
        string.Create(CultureInfo.InvariantCulture, $"The pieces of text have more than {SpeakLimits.MaxWrittenCharacters:N0} characters together."),
        "End the text and begin another one.");

    /// <summary>The first character that nobody can say; null without one.</summary>
    public static Violation? FirstUnspeakable(string text, string what, out int characters)
    {
        Violation? first = null;
        characters = 0;
        for (var i = 0; i < text.Length; characters++)
        {
            var valid = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) == OperationStatus.Done;
            first ??= Unspeakable(what, valid ? rune.Value : text[i], valid, characters + 1);
            i += length;
        }

        return first;
    }

    private static Violation? Unspeakable(string what, int codePoint, bool valid, int position)
    {
        var reason = codePoint switch
        {
            _ when !valid => "half of a surrogate pair",
            '\t' or '\n' or '\r' or 0x85 => null,
            < ' ' or (>= 0x7f and <= 0x9f) => "a control character",
            0xFFFD => "what is left of a character in another encoding",
            >= 0xFDD0 and <= 0xFDEF => "not a character",
            _ when (codePoint & 0xFFFE) == 0xFFFE => "not a character",
            _ => null,
        };
        return reason is null
            ? null
            : new Violation(
                SpeechErrorCodes.TextUnsupported,
                $"Character {position} of the {what}, U+{codePoint:X4}, is {reason}.",
                "Remove it, and send the text as UTF-8.");
    }
}
