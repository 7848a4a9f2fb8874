using System.Text;

namespace CosyVoice.Text.Marks;

/// <summary>
/// Puts a single character of Unicode's private area in the place of each of the model's tokens in a text, so that rules for
/// plain text leave them whole, and back. Characters of that area that the text itself has are nothing anybody could say, and go.
/// </summary>
internal sealed class MarkedText(AddedTokens tokens)
{
    private const char First = '\ue000';
    private const char Last = '\uf8ff';

    private readonly List<string> _marks = [.. tokens.Texts.Order(StringComparer.Ordinal)];
    private readonly Dictionary<string, char> _signs = tokens.Texts.Order(StringComparer.Ordinal)
        .Select((mark, index) => (mark, Sign: (char)(First + index)))
        .ToDictionary(pair => pair.mark, pair => pair.Sign, StringComparer.Ordinal);

    /// <summary>Boxes of a list of tasks, "- [x] done", and the words of links stay text.</summary>
    public string Protect(string text)
    {
        var result = new StringBuilder(text.Length);
        var start = 0;
        while (tokens.FindFirst(text.AsSpan(start)) is { } found)
        {
            var mark = start + found.Start;
            AppendPlain(text.AsSpan(start, found.Start), result);
            var written = text.Substring(mark, found.Length);
            result.Append(IsTaskBox(text, mark, written) || IsLink(text, mark + found.Length) ? written : _signs[written].ToString());
            start = mark + found.Length;
        }

        AppendPlain(text.AsSpan(start), result);
        return result.ToString();
    }

    public string Restore(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is >= First and <= Last && character - First < _marks.Count)
            {
                result.Append(_marks[character - First]);
            }
            else
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }

    private static void AppendPlain(ReadOnlySpan<char> text, StringBuilder result)
    {
        foreach (var character in text)
        {
            if (character is not (>= First and <= Last))
            {
                result.Append(character);
            }
        }
    }

    private static bool IsTaskBox(string text, int at, string mark) =>
        mark == "[x]" && at >= 2 && text[at - 1] == ' ' && text[at - 2] is '-' or '*' or '+'
            && (at == 2 || char.IsWhiteSpace(text[at - 3]));

    private static bool IsLink(string text, int at) =>
        at + 1 < text.Length && text[at] == '('
            && (text.AsSpan(at + 1).StartsWith("http", StringComparison.Ordinal) || text[at + 1] is '#' or '/');
}
