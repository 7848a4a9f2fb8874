using System.Globalization;
using CosyVoice.Text.Reading;

namespace CosyVoice.Text.Arriving;

/// <summary>Where a text without an end of a sentence can be cut with the least harm to how it is read.</summary>
internal static class SafePlaces
{
    /// <summary>Characters behind a place that matter.</summary>
    public const int LookAhead = 4;

    private const int Mark = 8; // A pronunciation mark has no more characters.
    private const string Numerals = "零〇一二三四五六七八九十百千万亿两半点第年月日号分之时秒元块角";

    /// <summary>The best place in the second half of the text up to a position, the last of the best; 1 or more.</summary>
    public static int Last(ReadOnlySpan<char> text, int limit)
    {
        var (best, bestHarm) = (limit, int.MaxValue);
        for (var at = limit; at > limit / 2; at--)
        {
            var harm = Harm(text, at);
            if (harm < bestHarm)
            {
                (best, bestHarm) = (at, harm);
            }
        }

        return best;
    }

    private static int Harm(ReadOnlySpan<char> text, int at)
    {
        var (before, after) = (text[at - 1], at < text.Length ? text[at] : '\n');
        if (char.IsLowSurrogate(after) && char.IsHighSurrogate(before))
        {
            return int.MaxValue;
        }

        if (char.GetUnicodeCategory(after) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 100;
        }

        var open = text[Math.Max(0, at - Mark)..at].LastIndexOf('[');
        if (open >= 0 && !text[Math.Max(0, at - Mark)..at][open..].Contains(']'))
        {
            return 90;
        }

        var near = text[Math.Max(0, at - LookAhead)..Math.Min(text.Length, at + LookAhead)];
        var numbers = near.ContainsAnyInRange('0', '9') ? 20 : near.IndexOfAny(Numerals) >= 0 ? 3 : 0;
        if (before == '\n')
        {
            return 0;
        }

        if (char.IsWhiteSpace(before))
        {
            return numbers + (text[..(at - 1)] is [.., var last] && char.IsLower(last) && char.IsLower(after) ? 1 : 4);
        }

        return Passage.IsIdeograph(before) && Passage.IsIdeograph(after) ? numbers + 5
            : char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after) ? numbers + 50
            : numbers + 30;
    }
}
