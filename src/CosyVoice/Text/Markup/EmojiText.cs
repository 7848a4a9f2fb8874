using System.Globalization;
using System.Text;

namespace CosyVoice.Text.Markup;

/// <summary>
/// Emoji and emoticons are not said. One between two words is a pause, a heart behind I or 我 a word, and stars that rate are
/// counted.
/// </summary>
internal static class EmojiText
{
    private const int LongestCode = 32;

    private static readonly string[] Emoticons = [":-)", ":)", ":-(", ":(", ";-)", ";)", ":D", ":-D", ":P", ":-P", ":'(", "^_^", "^^",
        "T_T", "=)", "xD", "XD", "<3"];

    public static string Remove(string text)
    {
        if (!text.Any(character => character is > '\u2000' or ':')
            && !Emoticons.Any(emoticon => text.Contains(emoticon, StringComparison.Ordinal)))
        {
            return text;
        }

        var isChinese = text.Any(Reading.Passage.IsIdeograph);
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = End(text, at);
            if (end == at)
            {
                result.Append(text[at++]);
                continue;
            }

            Say(text, at, end, isChinese, result);
            at = end;
        }

        return result.ToString();
    }

    private static void Say(string text, int at, int end, bool isChinese, StringBuilder result)
    {
        var run = text[at..end];
        var stars = run.Count(character => character is '★' or '⭐');
        var isRated = result.Length > 0 && char.IsAsciiDigit(result[^1]);
        if (stars > 0 && (isRated || stars > 1))
        {
            result.Append(isRated ? "" : stars.ToString(CultureInfo.InvariantCulture)).Append(isChinese ? "星"
                : stars == 1 && EndsInOne(result) ? " star" : " stars");
            return;
        }

        var last = result.Length - 1;
        while (last >= 0 && result[last] == ' ')
        {
            last--;
        }

        var next = end;
        while (next < text.Length && text[next] == ' ')
        {
            next++;
        }

        var isBetween = last >= 0 && char.IsLetterOrDigit(result[last]) && next < text.Length && char.IsLetterOrDigit(text[next]);
        if (isBetween && run[0] is '❤' or '♥' && (result[last] == '我' || (result[last] == 'I' && (last == 0 || result[last - 1] == ' '))))
        {
            result.Append(isChinese ? "爱" : "love");
        }
        else if (isBetween && run[0] >= '\u2000' && (isChinese || char.IsUpper(text[next])))
        {
            result.Length = last + 1;
            result.Append(isChinese ? "，" : ",").Append(isChinese || text[end] == ' ' ? "" : " ");
        }
        else if (next >= text.Length || !char.IsLetterOrDigit(text[next]))
        {
            result.Length = last + 1;
        }
    }

    private static bool EndsInOne(StringBuilder result) =>
        result[^1] == '1' && (result.Length == 1 || !char.IsLetterOrDigit(result[^2]) && result[^2] != '.');

    /// <summary>The position behind the emoji or emoticons that begin here.</summary>
    private static int End(string text, int at)
    {
        var emoticon = at == 0 || char.IsWhiteSpace(text[at - 1]) || Reading.Passage.IsIdeograph(text[at - 1])
            ? Emoticons.FirstOrDefault(known => string.CompareOrdinal(text, at, known, 0, known.Length) == 0
                && (at + known.Length == text.Length || !char.IsLetterOrDigit(text[at + known.Length])
                || Reading.Passage.IsIdeograph(text[at + known.Length])))
            : null;
        if (emoticon is not null)
        {
            return at + emoticon.Length;
        }

        if (ShortCodeEnd(text, at) is > 0 and var codeEnd)
        {
            return codeEnd;
        }

        var end = at;
        while (end < text.Length && Rune.TryGetRuneAt(text, end, out var rune)
            && (IsEmoji(rune.Value) || (IsJoiner(rune.Value) && (end > at || rune.Value != 0x200D))))
        {
            end += rune.Utf16SequenceLength;
        }

        return end;
    }

    /// <summary>Behind a code such as :smile:, set off from words; 0 where there is none.</summary>
    private static int ShortCodeEnd(string text, int at)
    {
        if (text[at] != ':' || (at > 0 && char.IsLetterOrDigit(text[at - 1])))
        {
            return 0;
        }

        var end = at + 1;
        while (end < text.Length && end - at < LongestCode && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '+'))
        {
            end++;
        }

        return end > at + 2 && char.IsAsciiLetterLower(text[at + 1]) && end < text.Length && text[end] == ':'
            && (end + 1 == text.Length || !char.IsLetterOrDigit(text[end + 1]))
            ? end + 1
            : 0;
    }

    private static bool IsEmoji(int value) => value is
        (>= 0x1F000 and <= 0x1FAFF) or (>= 0x2600 and <= 0x27BF) or (>= 0x2B00 and <= 0x2BFF) or (>= 0x2300 and <= 0x23FF)
            or (>= 0x25A0 and <= 0x25FF) or 0x3030 or 0x303D or 0x3297 or 0x3299;

    /// <summary>What makes one emoji of several, or another of one: joiner, forms, the key around a digit, tags of flags.</summary>
    private static bool IsJoiner(int value) => value is 0x200D or 0xFE0E or 0xFE0F or 0x20E3 or (>= 0xE0020 and <= 0xE007F);
}
