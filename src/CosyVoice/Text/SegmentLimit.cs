using System.Globalization;

namespace CosyVoice.Text;

/// <summary>
/// Cuts a segment that is too long for one generation into parts of about equal length: behind a sentence if it can, else
/// behind a comma, in front of a blank, between words, and only inside a word or number of more than that length within it. Marks such
/// as [laughter] stay whole, and touching ones such as [h][ào] together. The parts together are the segment.
/// </summary>
internal sealed class SegmentLimit(AddedTokens marks)
{
    /// <summary>Characters that a part may have.</summary>
    public const int Longest = 200;

    private const int Shortest = Longest / 4;
    private const string SentenceEnds = "。？！；：….?!;:";
    private const string Commas = "，、,";
    private const string Closings = "\"'”’」』）)】]》>";
    private const string Openings = "“‘「『（(【[《<";
    private const string InsideWords = "'’-_";
    private const string Numerals = "零〇一二两三四五六七八九十百千万亿点幺";

    private enum Cut : byte
    {
        Never,
        InsideCharacter,
        InsideWord,
        BetweenCharacters,
        BeforeBlank,
        AfterComma,
        AfterSentence,
    }

    public IEnumerable<string> Apply(string text)
    {
        if (text.Length <= Longest)
        {
            return [text];
        }

        var cuts = Cuts(text);
        var parts = new List<string>();
        var start = 0;
        while (text.Length - start > Longest)
        {
            var end = NextEnd(cuts, start);
            parts.Add(text[start..end]);
            start = end;
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>Of the best cuts that leave a part of a fair length on either side, the one nearest to equal parts.</summary>
    private static int NextEnd(Cut[] cuts, int start)
    {
        var rest = cuts.Length - start;
        var parts = (rest + Longest - 1) / Longest;
        var ideal = start + (rest / parts);
        var best = start + Shortest;
        for (var at = best + 1; at <= Math.Min(start + Longest, cuts.Length - Shortest); at++)
        {
            if (cuts[at] > cuts[best] || (cuts[at] == cuts[best] && Math.Abs(at - ideal) < Math.Abs(best - ideal)))
            {
                best = at;
            }
        }

        return best;
    }

    /// <summary>For each position, what a cut in front of it would do.</summary>
    private Cut[] Cuts(string text)
    {
        var cuts = new Cut[text.Length];
        for (var at = 1; at < text.Length; at++)
        {
            cuts[at] = CutBetween(text, at);
        }

        for (var (start, found) = (0, marks.FindFirst(text)); found is { } mark; found = marks.FindFirst(text.AsSpan(start)))
        {
            start += mark.Start;
            cuts.AsSpan(start + 1, mark.Length - 1).Fill(Cut.Never);
            start += mark.Length;
        }

        return cuts;
    }

    private static Cut CutBetween(string text, int at)
    {
        var (before, after) = (text[at - 1], text[at]);
        if (char.IsLowSurrogate(after) && char.IsHighSurrogate(before))
        {
            return Cut.Never;
        }

        if (Continues(after))
        {
            return Cut.InsideCharacter;
        }

        if ((IsInWord(before) && IsInWord(after)) || (Numerals.Contains(before) && Numerals.Contains(after)) || Closings.Contains(after)
            || Openings.Contains(before))
        {
            return Cut.InsideWord;
        }

        var endsPhrase = char.IsWhiteSpace(after) || !char.IsAscii(before);
        return SentenceEnds.Contains(Unquoted(text, at)) && endsPhrase ? Cut.AfterSentence
            : Commas.Contains(before) && endsPhrase ? Cut.AfterComma
            : char.IsWhiteSpace(after) ? Cut.BeforeBlank
            : char.IsPunctuation(after) || (char.IsPunctuation(before) && char.IsAscii(before)) ? Cut.InsideWord
            : Cut.BetweenCharacters;
    }

    /// <summary>The character before the position, or before the quotation mark or bracket that closes there.</summary>
    private static char Unquoted(string text, int at) => at > 1 && Closings.Contains(text[at - 1]) ? text[at - 2] : text[at - 1];

    /// <summary>Combining marks, joiners and variation selectors belong to the character before.</summary>
    private static bool Continues(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    /// <summary>Letters and digits of scripts that write blanks between words.</summary>
    private static bool IsInWord(char character) =>
        (char.IsLetterOrDigit(character) && character is not (>= '\u2e80' and <= '\u9fff' or >= '\uf900' and <= '\ufaff'))
        || InsideWords.Contains(character);
}
