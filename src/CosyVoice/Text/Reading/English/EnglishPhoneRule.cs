using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>
/// Telephone numbers by their form, (415) 555-0132 or +44 20 …, or behind a word such as call; said in groups, digit by digit.
/// </summary>
internal sealed class EnglishPhoneRule : IReadingRule
{
    private static readonly string[] Forms = ["3 3 4", "1 3 3 4", "1 3 7", "3 2 4", "3 7", "3 4 4"];
    private static readonly HashSet<string> Cues = new(StringComparer.OrdinalIgnoreCase) { "phone", "call", "tel", "telephone", "mobile",
        "cell", "fax", "dial", "text", "number", "ring" };

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        var isStart = passage.IsDigit(at) ? passage.IsStart(at) && passage[at - 1] is not ('.' or '$' or '-' or ',')
            : passage[at] is '+' or '(' && passage.IsDigit(at + 1) && !char.IsLetterOrDigit(passage[at - 1]);
        if (isStart && passage.Has(at, "1-800-") && passage.IsLatin(at + 6))
        {
            EnglishSpeech.Say(spoken, "one, eight hundred, ", passage, at + 6);
            return 6;
        }

        for (var groups = isStart ? DigitGroups.At(passage, at) : null; groups is { } found; groups = found.Shorter)
        {
            if (IsPhone(passage, at, found))
            {
                EnglishSpeech.Say(spoken, Words(found), passage, found.End);
                return found.End - at;
            }
        }

        return 0;
    }

    private static bool IsPhone(Passage passage, int at, DigitGroups groups)
    {
        if (char.IsLetterOrDigit(passage[groups.End]) || passage[groups.End] is '%' or '=')
        {
            return false;
        }

        if (groups.HasPlus)
        {
            return groups.DigitCount is >= 8 and <= 15;
        }

        var hasCue = HasCue(passage, at);
        return groups.Lengths switch
        {
            "3 4" => hasCue || passage[at + 3] == '-',
            "10" => hasCue,
            "1 1 1" => passage.Has(at, "9-1-1"),
            "11" => groups.Parts[0][0] == '1' && (hasCue || groups.Parts[0][1] != '0'),
            _ when groups.Parts.Length >= 4
                && passage.Slice(at, groups.End).Count(character => character == '-') == groups.Parts.Length - 1 => true, // ISBN
            var lengths =>
                Forms.Contains(lengths) && (hasCue || groups.HasBrackets || passage.Slice(at, groups.End).AsSpan().ContainsAny("-."))
                && !passage.Slice(at, groups.End).Contains(" - ", StringComparison.Ordinal),
        };
    }

    private static bool HasCue(Passage passage, int at)
    {
        var word = passage.WordBefore(passage[passage.SkipBlanksBack(at) - 1] == ':' ? passage.SkipBlanksBack(at) - 1 : at);
        return Cues.Contains(word) || (word is "is" or "at" && Cues.Contains(passage.WordBefore(passage.SkipBlanksBack(at) - word.Length)));
    }

    private static string Words(DigitGroups groups)
    {
        var parts = groups.Parts.Length == 1 && groups.Parts[0].Length == 10
            ? [groups.Parts[0][..3], groups.Parts[0][3..6], groups.Parts[0][6..]]
            : groups.Parts.Length == 1 && groups.Parts[0].Length == 11 ? [groups.Parts[0][..3], groups.Parts[0][3..7], groups.Parts[0][7..]]
            : groups.Parts;
        return (groups.HasPlus ? "plus "
            : "") + string.Join(", ", parts.Select(part => part == "800" ? "eight hundred" : EnglishNumerals.Each(part)));
    }
}
