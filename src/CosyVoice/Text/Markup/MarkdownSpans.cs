using System.Text;

namespace CosyVoice.Text.Markup;

/// <summary>Within a line of Markdown: emphasis, code, links, pictures, footnotes and citations.</summary>
internal static class MarkdownSpans
{
    public static string ToPlain(string line, HashSet<string> linkTargets)
    {
        if (!line.AsSpan().ContainsAny("*_`[~\\<"))
        {
            return line;
        }

        var closers = Closers(line);
        var result = new StringBuilder(line.Length);
        var skips = new Dictionary<int, int>();
        for (var at = 0; at < line.Length;)
        {
            if (skips.TryGetValue(at, out var end))
            {
                at = end;
                continue;
            }

            at += line[at] switch
            {
                '\\' when at + 1 < line.Length && char.IsPunctuation(line[at + 1]) && char.IsAscii(line[at + 1]) =>
                    Escaped(line, at, result),
                '`' => 1,
                '*' or '_' => Emphasis(line, at, result),
                '~' when at + 1 < line.Length && line[at + 1] == '~' => 2,
                '!' when at + 1 < line.Length && line[at + 1] == '[' && LinkEnd(line, closers, at + 1, linkTargets) > 0 => 1,
                '[' => Bracket(line, at, closers, linkTargets, skips, result),
                '<' when line.AsSpan(at + 1).StartsWith("http", StringComparison.OrdinalIgnoreCase) => 1,
                _ => Keep(line, at, result),
            };
        }

        return result.ToString();
    }

    private static int Keep(string line, int at, StringBuilder result)
    {
        result.Append(line[at]);
        return 1;
    }

    private static int Escaped(string line, int at, StringBuilder result)
    {
        result.Append(line[at + 1]);
        return 2;
    }

    /// <summary>A run of signs that touches a word is emphasis; 3*4, 3 * 4 and snake_case are not.</summary>
    private static int Emphasis(string line, int at, StringBuilder result)
    {
        var end = at;
        while (end < line.Length && line[end] == line[at])
        {
            end++;
        }

        var (before, after) = (at > 0 ? line[at - 1] : ' ', end < line.Length ? line[end] : ' ');
        var isBetweenBlanks = before == ' ' && after == ' ';
        var isInside = line[at] == '*' ? char.IsAsciiDigit(before) && char.IsAsciiDigit(after)
            : char.IsAsciiLetterOrDigit(before) && char.IsAsciiLetterOrDigit(after);
        if (isBetweenBlanks || isInside)
        {
            result.Append(line, at, end - at);
        }

        return end - at;
    }

    /// <summary>The words of a link stay, its address goes; so do footnotes, and citations such as [12] behind a word.</summary>
    private static int Bracket(string line, int at, int[] closers, HashSet<string> targets, Dictionary<int, int> skips,
        StringBuilder result)
    {
        var close = closers[at];
        if (close == 0)
        {
            return Keep(line, at, result);
        }

        if (LinkEnd(line, closers, at, targets) is > 0 and var linkEnd)
        {
            skips[close] = linkEnd;
            return 1;
        }

        var content = line.AsSpan(at + 1, close - at - 1);
        var isFootnote = content.StartsWith('^') && close + 1 < line.Length && line[close + 1] == ':' ? 2 : content.StartsWith('^') ? 1 : 0;
        var isCitation = at > 0 && !char.IsWhiteSpace(line[at - 1]) && content.Length is > 0 and <= 12
            && !content.ContainsAnyExcept("0123456789,-– ")
            && !char.IsAsciiDigit(line[at - 1]);
        return isFootnote > 0 ? close - at + isFootnote : isCitation ? close - at + 1 : Keep(line, at, result);
    }

    /// <summary>The position behind the link that begins here, (address) or [label] included; 0 where none does.</summary>
    private static int LinkEnd(string line, int[] closers, int at, HashSet<string> targets)
    {
        var next = closers[at] + 1;
        if (next <= 1 || next >= line.Length || closers[next] == 0)
        {
            return 0;
        }

        return line[next] switch
        {
            '(' when IsAddress(line.AsSpan(next + 1, closers[next] - next - 1)) => closers[next] + 1,
            '[' when targets.Contains(line[(next + 1)..closers[next]]) => closers[next] + 1,
            _ => 0,
        };
    }

    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(' ');
        var address = end < 0 ? text : text[..end];
        return (end < 0 || text[(end + 1)..].TrimStart() is ['"' or '\'' or '(', ..])
            && (address.IsEmpty || address[0] is '#' or '/' or '<' || address.ContainsAny("./:"));
    }

    /// <summary>Where each bracket closes; 0 for those that do not, and for all other characters.</summary>
    private static int[] Closers(string line)
    {
        var closers = new int[line.Length];
        var squares = new Stack<int>();
        var rounds = new Stack<int>();
        for (var at = 0; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '[':
                    squares.Push(at);
                    break;
                case '(':
                    rounds.Push(at);
                    break;
                case ']' when squares.TryPop(out var open):
                    closers[open] = at;
                    break;
                case ')' when rounds.TryPop(out var open):
                    closers[open] = at;
                    break;
            }
        }

        return closers;
    }
}
