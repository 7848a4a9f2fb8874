using System.Buffers;

namespace CosyVoice.Text.Reading;

/// <summary>A text with the questions that rules ask of it. Positions outside it hold '\0'.</summary>
internal sealed class Passage(string text)
{
    /// <summary>How far a rule looks back for a word, and for a cue.</summary>
    private const int LongestWord = 24;

    private static readonly SearchValues<char> Dashes = SearchValues.Create("-~～—–－−‐‑");

    public string Text { get; } = text;

    public int Length => Text.Length;

    public char this[int at] => (uint)at < (uint)Text.Length ? Text[at] : '\0';

    public bool Has(int at, string expected) =>
        at >= 0 && at <= Text.Length && Text.AsSpan(at).StartsWith(expected, StringComparison.Ordinal);

    public bool HasIgnoringCase(int at, string expected) =>
        at >= 0 && at <= Text.Length && Text.AsSpan(at).StartsWith(expected, StringComparison.OrdinalIgnoreCase);

    public bool IsDigit(int at) => char.IsAsciiDigit(this[at]);

    public bool IsLatin(int at) => IsLatin(this[at]);

    public bool IsIdeograph(int at) => IsIdeograph(this[at]);

    public bool IsDash(int at) => Dashes.Contains(this[at]);

    /// <summary>A minus sign or hyphen, but no tilde or long dash.</summary>
    public bool IsMinus(int at) => this[at] is '-' or '−' or '－' or '‐' or '‑';

    /// <summary>Whether a number or word begins here and is no part of a longer one.</summary>
    public bool IsStart(int at) => !IsDigit(at - 1) && !IsLatin(at - 1);

    public int SkipBlanks(int at)
    {
        while (this[at] is ' ' or '\u00a0')
        {
            at++;
        }

        return at;
    }

    /// <summary>The position behind the last character before a position that is no blank.</summary>
    public int SkipBlanksBack(int at)
    {
        while (at > 0 && this[at - 1] is ' ' or '\u00a0')
        {
            at--;
        }

        return at;
    }

    public int DigitsEnd(int at)
    {
        while (IsDigit(at))
        {
            at++;
        }

        return at;
    }

    /// <summary>Whether the digits that end here hang on a letter, as in i7.</summary>
    public bool HangsOnLetter(int at)
    {
        var start = at;
        while (IsDigit(start - 1) && at - start < LongestWord)
        {
            start--;
        }

        return IsLatin(start - 1);
    }

    public string Slice(int start, int end) =>
        start >= Text.Length || start < 0 || end <= start ? "" : Text[start..Math.Min(end, Text.Length)];

    /// <summary>The Latin word that begins at a position, without its blanks; empty where there is none.</summary>
    public string WordAt(int at)
    {
        var end = at;
        while (end - at < LongestWord && IsLatin(end))
        {
            end++;
        }

        return Slice(at, end);
    }

    /// <summary>The Latin word that ends in front of a position or of blanks (and a full stop or hyphen) there.</summary>
    public string WordBefore(int at)
    {
        at = SkipBlanksBack(at);
        at -= this[at - 1] is '.' or '-' ? 1 : 0;
        var start = at;
        while (at - start < LongestWord && IsLatin(start - 1))
        {
            start--;
        }

        return at > start ? Slice(start, at) : "";
    }

    /// <summary>Up to <paramref name="count"/> characters in front of a position.</summary>
    public ReadOnlySpan<char> Before(int at, int count) => Text.AsSpan(Math.Max(0, at - count), Math.Min(at, count));

    /// <summary>Up to <paramref name="count"/> characters from a position on.</summary>
    public ReadOnlySpan<char> After(int at, int count) =>
        at >= Text.Length ? default : Text.AsSpan(at, Math.Min(count, Text.Length - at));

    public static bool IsLatin(char character) =>
        char.IsAsciiLetter(character) || (character is >= '\u00c0' and <= '\u024f' && char.IsLetter(character));

    public static bool IsIdeograph(char character) => character is >= '\u3400' and <= '\u9fff' or '〇' or >= '\uf900' and <= '\ufaff';
}
