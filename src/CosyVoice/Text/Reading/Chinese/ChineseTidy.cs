using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>
/// The last step of a Chinese text: line ends and brackets become pauses, blanks go except between Latin words, and signs that
/// nobody says are dropped. No pause follows another.
/// </summary>
internal static class ChineseTidy
{
    private const string Marks = "，。！？；：、,.!?;:…";
    private const string Pauses = "，、,；;：:";
    private const string Openings = "（(【[「『〔〈{";
    private const string Closings = "）)】]」』〕〉}";
    private const string Dropped = "*_#|\\<>{}[]`^~～$¥￥€£•●■◆▲►▶※§¶†‡○◎□◇△→←↑↓\u200b\u200c\u200d\ufeff\u2060";

    public static string Tidy(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character is '\n' or '\r')
            {
                Pause(result);
            }
            else if (char.IsWhiteSpace(character))
            {
                Blank(text, at, result);
            }
            else if (Openings.Contains(character) || Closings.Contains(character))
            {
                Bracket(text, at, result);
            }
            else if (Dropped.Contains(character))
            {
                continue;
            }
            else if (Marks.Contains(character))
            {
                Mark(result, character, text, at);
            }
            else
            {
                result.Append(character is '—' or '―' ? '，' : character);
            }
        }

        var end = result.Length;
        while (end > 0 && (result[end - 1] is '，' or '、' or ',' || char.IsWhiteSpace(result[end - 1])))
        {
            end--;
        }

        return result.ToString(0, end);
    }

    /// <summary>A stop behind a pause takes its place.</summary>
    private static void Mark(StringBuilder result, char mark, string text, int at)
    {
        if (result.Length > 0 && result[^1] == '，' && mark is not ('…' or '.'))
        {
            result.Length--;
        }

        if (result.Length == 0 && Pauses.Contains(mark))
        {
            return;
        }

        if (result.Length > 0 && "。！？；：".Contains(result[^1]) && Pauses.Contains(mark))
        {
            return;
        }

        var endsChinese = mark == '.' && result.Length > 0 && Passage.IsIdeograph(result[^1])
            && (at + 1 == text.Length || text[at + 1] != '.');
        result.Append(endsChinese ? '。' : mark);
    }

    private static void Pause(StringBuilder result)
    {
        if (result.Length > 0 && !Marks.Contains(result[^1]) && !"“‘《".Contains(result[^1]))
        {
            result.Append('，');
        }
    }

    /// <summary>A blank parts Latin words, and phrases of two ideographs or more.</summary>
    private static void Blank(string text, int at, StringBuilder result)
    {
        var (before, after) = (at > 0 ? text[at - 1] : '\0', at + 1 < text.Length ? text[at + 1] : '\0');
        if (char.IsWhiteSpace(before) || result.Length == 0)
        {
            return;
        }

        for (var next = at + 1; char.IsWhiteSpace(after); next++)
        {
            after = next < text.Length ? text[next] : '\0';
        }

        if (IsLatin(before) && IsLatin(after))
        {
            result.Append(' ');
        }
        else if (Passage.IsIdeograph(before) && Passage.IsIdeograph(after) && at > 1 && Passage.IsIdeograph(text[at - 2])
            && at + 2 < text.Length && (Passage.IsIdeograph(text[at + 2]) || text[at + 2] == '、'))
        {
            Pause(result);
        }
    }

    private static bool IsLatin(char character) =>
        character is > ' ' and < '\u2e80' or '\ue000' || character is >= '\ue000' and <= '\uf8ff';

    /// <summary>Words in brackets are set off by pauses; a letter or two, as in 函数f(x), are not.</summary>
    private static void Bracket(string text, int at, StringBuilder result)
    {
        var isOpening = Openings.Contains(text[at]);
        var nextAt = at + 1;
        while (nextAt < text.Length && text[nextAt] == ' ' && nextAt < at + 4)
        {
            nextAt++;
        }

        var next = nextAt < text.Length ? text[nextAt] : '\0';
        if (text[at] is '「' or '『' or '」' or '』')
        {
            result.Append(isOpening ? '“' : '”');
        }
        else if (isOpening ? result.Length > 0 && !Passage.IsLatin(result[^1]) : char.IsLetterOrDigit(next) && next is not '班')
        {
            Pause(result);
        }
        else if (isOpening && result.Length > 0 && Passage.IsIdeograph(next))
        {
            Pause(result);
        }
    }
}
