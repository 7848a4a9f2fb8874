namespace CosyVoice.Text.Marks;

/// <summary>
/// Tells pronunciation marks from ordinary brackets. CosyVoice 3 has units of pinyin (initial, then final with its tone:
/// [h][ào]) and of ARPAbet ([M][AY0]); CosyVoice 2 has none, both have sounds such as [laughter].
/// <list type="bullet">
/// <item>Brackets that hold exactly one of the model's units are a mark, wherever they stand.</item>
/// <item>Brackets that touch, each with one to six Latin letters (and a digit), are meant as marks; a unit among them that the
/// model lacks is an error: [h][aoo]. Not so where all are words of three plain letters or more: [foo][bar].</item>
/// <item>Brackets alone are meant as a mark, hence an error, with a pinyin syllable and its tone, [hào] or [hao4]; with a syllable
/// without tone that touches an ideograph, 你[hao]; with letters that have a pinyin tone mark, [hǎoo]; with letters that no
/// word has, [zzz]; with two letters and a stress, [AY7], [ay0], [XX1].</item>
/// <item>All else is plain text: [sic], [see below], [1], (hao), hao.</item>
/// </list>
/// </summary>
internal sealed class PronunciationMarks
{
    private const int LongestUnit = 7;
    private const int MostProblems = 10;

    private static readonly HashSet<string> Units = [.. SpecialTokens.CosyVoice3.Skip(SpecialTokens.CosyVoice2.Count)];
    private readonly HashSet<string> _tokens;
    private readonly bool _hasUnits;

    public PronunciationMarks(IEnumerable<string> tokens)
    {
        _tokens = [.. tokens];
        _hasUnits = _tokens.Contains("[AA]");
    }

    /// <summary>A sentence for each unit that is meant as a mark and is none of this model; at most ten.</summary>
    public IReadOnlyList<string> FindProblems(string text)
    {
        var problems = new List<string>();
        for (var at = text.IndexOf('['); at >= 0 && problems.Count < MostProblems;)
        {
            var run = Run(text, at, out var end);
            problems.AddRange(Unknown(text, at, end, run).Distinct().Select(Describe));
            at = end < text.Length ? text.IndexOf('[', end) : -1;
        }

        return [.. problems.Distinct().Take(MostProblems)];
    }

    /// <summary>The contents of brackets that touch, each of the form of a unit; empty, and one character, where there are none.</summary>
    private static List<string> Run(string text, int at, out int end)
    {
        var contents = new List<string>();
        end = at;
        while (end < text.Length && text[end] == '[')
        {
            var rest = text.AsSpan(end + 1, Math.Min(LongestUnit + 1, text.Length - end - 1));
            var length = rest.IndexOfAny('[', ']');
            if (length <= 0 || rest[length] == '[' || !IsUnitShaped(rest[..length]) || IsLink(text, end + length + 2))
            {
                break;
            }

            contents.Add(rest[..length].ToString());
            end += length + 2;
        }

        end = contents.Count == 0 ? at + 1 : end;
        return contents;
    }

    private static bool IsLink(string text, int at) =>
        at < text.Length && text[at] == '(' && text.AsSpan(at + 1).StartsWith("http", StringComparison.Ordinal);

    private static bool IsUnitShaped(ReadOnlySpan<char> content)
    {
        var letters = content.Length > 1 && char.IsAsciiDigit(content[^1]) ? content[..^1] : content;
        foreach (var character in letters)
        {
            if (!Reading.Passage.IsLatin(character))
            {
                return false;
            }
        }

        return letters.Length is > 0 and <= 6;
    }

    private IEnumerable<string> Unknown(string text, int at, int end, List<string> run)
    {
        var isMeant = run.Count > 1 ? run.Any(unit => Units.Contains($"[{unit}]")) || !run.All(IsWord)
            : run.Count == 1 && IsMeant(text, at, end, run[0]);
        return isMeant ? run.Where(unit => !_tokens.Contains($"[{unit}]")) : [];
    }

    private static bool IsWord(string unit) =>
        unit.Length >= 3 && unit.All(char.IsAsciiLetter) && unit.AsSpan().IndexOfAny("aeiouyAEIOUY") >= 0;

    private static bool IsMeant(string text, int at, int end, string unit)
    {
        if (unit.All(char.IsAsciiLetter))
        {
            var touchesIdeograph = (at > 0 && Reading.Passage.IsIdeograph(text[at - 1]))
                || (end < text.Length && Reading.Passage.IsIdeograph(text[end]));
            var isNoWord = unit.Length is >= 2 and <= 4 && unit.All(char.IsAsciiLetterLower) && unit.AsSpan().IndexOfAny("aeiouy") < 0;
            return isNoWord || (touchesIdeograph && unit.All(char.IsAsciiLetterLower) && PinyinSyllable.IsToneless(unit));
        }

        var (letters, digit) = (unit[..^1], unit[^1]);
        return unit.Any(PinyinSyllable.IsToneMarked) && PinyinSyllable.Parts(unit) is not null
            || unit.Any(PinyinSyllable.IsOnlyPinyin)
            || (Units.Contains($"[{unit}]") && unit.Length > 1)
            || (digit is >= '1' and <= '5' && PinyinSyllable.IsToneless(letters) && letters.All(char.IsAsciiLetterLower)
            && letters.Length > 1)
            || (char.IsAsciiDigit(digit) && letters.Length == 2 && (digit <= '2' || Units.Contains($"[{letters.ToUpperInvariant()}]")));
    }

    private string Describe(string unit)
    {
        if (!_hasUnits)
        {
            return $"[{unit}] is no mark of this model, which has no pronunciation marks: use CosyVoice 3, or write the word without brackets.";
        }

        var syllable = PinyinSyllable.Parts(unit);
        var upper = unit.ToUpperInvariant();
        var advice = syllable is var (initial, final) ? $" Write [{initial}][{final}]."
            : Units.Contains($"[{upper}]") ? $" Write [{upper}]."
            : "";
        return $"[{unit}] is no pronunciation mark.{advice} {(IsLikeArpabet(unit) ? AllowedArpabet : AllowedPinyin)} Words in brackets are read if a blank or a longer word is among them.";
    }

    private static bool IsLikeArpabet(string unit) => char.IsAsciiLetterUpper(unit[0]) || char.IsAsciiDigit(unit[^1]);

    private static readonly string AllowedArpabet = "Allowed in ARPAbet are " + List(unit => char.IsAsciiLetterUpper(unit[1])) + ".";

    private static readonly string AllowedPinyin = "Allowed in pinyin, initial and final in brackets of their own, are "
        + List(unit => !char.IsAsciiLetterUpper(unit[1])) + ".";

    private static string List(Func<string, bool> isIn) =>
        string.Join(' ',
            SpecialTokens.CosyVoice3.Where(unit => Units.Contains(unit) && unit[0] == '[' && isIn(unit)).Select(unit => unit[1..^1]));
}
