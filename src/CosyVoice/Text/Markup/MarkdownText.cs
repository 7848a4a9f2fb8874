using System.Text;

namespace CosyVoice.Text.Markup;

/// <summary>
/// Markdown becomes text, line by line: signs of headings, lists, quotations, tables, code and rules go, and what they mark ends
/// like a sentence. A line end within a paragraph is a pause where the line looks finished, else a blank.
/// </summary>
internal static class MarkdownText
{
    /// <summary>Ends a cell of a table.</summary>
    public const char CellEnd = '\u0001';

    private const int WrappedChineseLine = 30;
    private const int WrappedLine = 60;
    private const string Ends = "。！？；：….!?;:，、,";
    private const string Closings = "\"'”’」』）)】]》>";
    private const string Bullets = "-*+•·●▪◦‣○■◆";

    public static string ToPlain(string text)
    {
        if (text.AsSpan().IndexOfAny("\n#*_`[]>|~=-•·●▪◦‣○■◆!\\+\u0001") < 0)
        {
            return text;
        }

        var result = new Assembly(text);
        var lines = text.Split('\n');
        var targets = LinkTargets(lines);
        var isChinese = text.Any(Reading.Passage.IsIdeograph);
        var (isCode, isTable) = (false, false);
        for (var index = 0; index < lines.Length; index++)
        {
            var content = lines[index].Trim();
            if (content.StartsWith("```", StringComparison.Ordinal) || content.StartsWith("~~~", StringComparison.Ordinal))
            {
                var isWhole = content.Length > 6 && content.EndsWith("```", StringComparison.Ordinal);
                isCode = !isCode && !isWhole;
                result.Add(isWhole ? content.Trim('`') : "", false);
            }
            else if (isCode)
            {
                result.Add(content, false);
            }
            else if (content.Length == 0 || IsRule(content))
            {
                isTable &= content.Length > 0;
                result.Break();
            }
            else if (!IsTarget(content))
            {
                isTable = content.Contains('|') && (isTable || IsTableRule(index + 1 < lines.Length ? lines[index + 1] : ""));
                var (words, isBlock) = isTable ? (Cells(content, isChinese), true) : Block(content, isChinese);
                result.Add(MarkdownSpans.ToPlain(words, targets), isBlock);
            }
        }

        return result.ToString();
    }

    /// <summary>A line without the signs at its beginning, and whether it stands by itself.</summary>
    private static (string Words, bool IsBlock) Block(string line, bool isChinese)
    {
        var quote = QuoteEnd(line);
        line = line[quote..];
        if (line.Length == 0)
        {
            return ("", true);
        }

        var hashes = line.Length - line.TrimStart('#').Length;
        if (hashes is > 0 and <= 6 && hashes < line.Length && line[hashes] == ' ')
        {
            return (line[hashes..].Trim().TrimEnd('#').TrimEnd(), true);
        }

        if (line.Length > 2 && Bullets.Contains(line[0]) && line[1] == ' ')
        {
            return (WithoutBox(line[2..].TrimStart()), true);
        }

        if (line.Contains(CellEnd) || (line.Length > 2 && line[0] == '|' && line[^1] == '|'))
        {
            return (Cells(line, isChinese), true);
        }

        var bracket = IsNumbered(line) ? line.IndexOf(')') : 0;
        return (bracket is 1 or 2 ? $"{line[..bracket]}.{line[(bracket + 1)..]}" : line, quote > 0 || IsNumbered(line));
    }

    private static string Cells(string line, bool isChinese) =>
        string.Join(isChinese ? "，" : ", ", line.Split(CellEnd, '|').Select(cell => cell.Trim()).Where(cell => cell.Length > 0));

    private static bool IsTableRule(string line) => line.Contains('|') && IsRule(line.Trim());

    /// <summary>Behind the signs of a quotation, > or > >; not behind the one of >5.</summary>
    private static int QuoteEnd(string line)
    {
        var end = 0;
        while (end < line.Length && line[end] == '>'
            && (end + 1 == line.Length || (!char.IsAsciiLetterOrDigit(line[end + 1]) && line[end + 1] is not ('=' or '-'))))
        {
            end++;
            while (end < line.Length && line[end] == ' ')
            {
                end++;
            }
        }

        return end;
    }

    private static string WithoutBox(string item) =>
        item.StartsWith("[ ] ", StringComparison.Ordinal) || item.StartsWith("[x] ", StringComparison.OrdinalIgnoreCase)
            ? item[4..].TrimStart() : item;

    /// <summary>1. or 1) and a blank, or a Chinese word.</summary>
    private static bool IsNumbered(string line)
    {
        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
        {
            digits++;
        }

        return digits is 1 or 2 && line.Length > digits + 1 && line[digits] is '.' or ')' or '、' && line[digits + 1] != '.'
            && !char.IsAsciiDigit(line[digits + 1]);
    }

    /// <summary>A line between parts, below a heading or between the head and the body of a table.</summary>
    private static bool IsRule(string line)
    {
        var signs = line.AsSpan().Count('-') + line.AsSpan().Count('=') + line.AsSpan().Count('*') + line.AsSpan().Count('_');
        return signs >= 3 && !line.AsSpan().ContainsAnyExcept("-=*_ |:+");
    }

    /// <summary>Labels of links whose addresses stand in lines of their own, [label]: address.</summary>
    private static HashSet<string> LinkTargets(string[] lines) =>
        [.. lines.Select(line => line.Trim()).Where(IsTarget).Select(line => line[1..line.IndexOf("]:", StringComparison.Ordinal)])];

    private static bool IsTarget(string line)
    {
        if (!line.StartsWith('[') || line.StartsWith("[^", StringComparison.Ordinal))
        {
            return false;
        }

        var end = line.IndexOf("]:", StringComparison.Ordinal);
        var address = end < 0 ? "" : line[(end + 2)..].Trim();
        return address.StartsWith("http", StringComparison.OrdinalIgnoreCase) || address.StartsWith('/') || address.StartsWith('#')
            || address.StartsWith("www.", StringComparison.Ordinal);
    }

    /// <summary>Puts lines together.</summary>
    private sealed class Assembly(string text)
    {
        private readonly StringBuilder _result = new(text.Length);
        private readonly bool _isChinese = text.Any(Reading.Passage.IsIdeograph);
        private bool _mustEnd;
        private int _lineStart;

        public void Break() => _mustEnd = true;

        public void Add(string line, bool isBlock)
        {
            if (line.Length == 0)
            {
                return;
            }

            if (_result.Length > 0)
            {
                Join(line, isBlock);
            }

            _lineStart = _result.Length;
            _result.Append(line);
            _mustEnd = isBlock;
            _endsInBlock = isBlock;
        }

        private bool _endsInBlock;

        public override string ToString()
        {
            if (_endsInBlock || _mustEnd)
            {
                End();
            }

            return _result.ToString();
        }

        private void Join(string line, bool isBlock)
        {
            if (_mustEnd || isBlock)
            {
                End();
                _result.Append('\n');
                return;
            }

            var length = _result.Length - _lineStart;
            if (_isChinese)
            {
                _result.Append(length < WrappedChineseLine ? "\n" : char.IsAscii(_result[^1]) ? " " : "");
            }
            else
            {
                var isFinished = length < WrappedLine && char.IsUpper(line[0]) && IsOpen();
                _result.Append(isFinished ? ".\n" : " ");
            }
        }

        private void End()
        {
            if (IsOpen())
            {
                _result.Append(_isChinese ? '。' : '.');
            }
        }

        /// <summary>Whether the last line has no mark at its end.</summary>
        private bool IsOpen()
        {
            var at = _result.Length - 1;
            while (at > _lineStart && Closings.Contains(_result[at]))
            {
                at--;
            }

            return at >= 0 && !Ends.Contains(_result[at]);
        }
    }
}
