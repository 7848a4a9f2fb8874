using System.Text;

namespace CosyVoice.Text;

/// <summary>What the reference does to a text with Chinese characters before it is split (frontend_utils.py).</summary>
internal static class ChineseText
{
    private const char FullStop = '。';

    /// <summary>Whether a text is treated as Chinese: one ideograph of the basic block is enough.</summary>
    public static bool IsIn(string text) => text.AsSpan().IndexOfAnyInRange('\u4e00', '\u9fff') >= 0;

    public static string Clean(string text)
    {
        text = RemoveBlanks(text.Replace("\n", "", StringComparison.Ordinal));
        text = ReplaceCornerMarks(text).Replace('.', FullStop).Replace(" - ", "，", StringComparison.Ordinal);
        return EndWithFullStop(RemoveBrackets(text));
    }

    /// <summary>
    /// Keeps a blank only between ASCII characters that are not blanks. At an end the neighbour is the one at the other end.
    /// </summary>
    public static string RemoveBlanks(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var (before, after) = (text[(i + text.Length - 1) % text.Length], text[(i + 1) % text.Length]);
            if (text[i] != ' ' || (IsSolidAscii(before) && IsSolidAscii(after)))
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    public static string ReplaceCornerMarks(string text) =>
        text.Replace("²", "平方", StringComparison.Ordinal).Replace("³", "立方", StringComparison.Ordinal);

    public static string RemoveBrackets(string text)
    {
        foreach (var bracket in (ReadOnlySpan<string>)["（", "）", "【", "】", "`"])
        {
            text = text.Replace(bracket, "", StringComparison.Ordinal);
        }

        return text.Replace("——", " ", StringComparison.Ordinal);
    }

    private static string EndWithFullStop(string text)
    {
        var kept = text.TrimEnd('，', ',', '、');
        return kept.Length < text.Length ? kept + FullStop : text;
    }

    private static bool IsSolidAscii(char character) => char.IsAscii(character) && character != ' ';
}
