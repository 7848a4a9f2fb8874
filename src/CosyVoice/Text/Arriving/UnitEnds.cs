using CosyVoice.Text.Reading;

namespace CosyVoice.Text.Arriving;

/// <summary>Where a unit ends because what follows is read on its own: sentences, long phrases, paragraphs, items of lists.</summary>
internal static class UnitEnds
{
    private const int MostBlanks = 16; // Looked through behind a mark.
    private const int LongestItemNumber = 2;

    private const string FullStops = "。！？；…";
    private const string Stops = ".!?";
    private const string Commas = ",，";
    private const string Closings = "\"'”’」』）)】]》>*_`";
    private const string Openings = "\"'“‘「『（(《";
    private const string LineSigns = "#-*+>•·●▪◦‣○■◆";
    private const string OpenBrackets = "([{（【《「『";
    private const string CloseBrackets = ")]}）】》」』";

    // Words whose full stop rarely ends a sentence, or that are read by what follows.
    private static readonly HashSet<string> Shortened = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "st", "prof", "capt", "lt", "gen", "col", "sgt", "maj", "cpl", "gov", "sen", "rep", "rev", "hon", "pres", "mt",
        "ft", "adm", "cmdr", "msgr", "supt", "det", "insp", "fr", "etc", "vs", "approx", "inc", "ltd", "corp", "co", "bros", "jr", "sr", "dept",
        "govt", "max", "min", "avg", "est", "incl", "excl", "misc", "univ", "assn", "al", "ave", "blvd", "rd", "hwy", "pkwy", "apt", "esq", "cf",
        "viz", "ca", "intl", "mfg", "tel", "ext", "no", "nos", "fig", "figs", "pp", "vol", "ch", "chap", "sec", "eq", "art", "op", "ex", "pt",
        "ver", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thurs",
        "fri", "sat", "sun", "ph", "hr", "hrs", "lb", "lbs", "oz", "km", "cm", "mm", "kg",
    };

    /// <summary>1 for an opening bracket, -1 for a closing one.</summary>
    public static int Nesting(char character) => OpenBrackets.Contains(character) ? 1 : CloseBrackets.Contains(character) ? -1 : 0;

    /// <summary>Whether a unit may end behind a character at all.</summary>
    public static bool IsMark(char character, bool mayBeComma) =>
        character == '\n' || FullStops.Contains(character) || Stops.Contains(character) || (mayBeComma && Commas.Contains(character));

    /// <summary>Whether a text ends in or with a line of a table.</summary>
    public static bool IsInRow(ReadOnlySpan<char> text)
    {
        var line = text is [.. var lines, '\n'] ? lines : text;
        return line[(line.LastIndexOf('\n') + 1)..].TrimStart(' ') is ['|', ..];
    }

    /// <summary>The end of the unit that ends with a mark, blanks behind it included; 0 when none does; not known when more text decides.</summary>
    /// <param name="at">Behind the mark.</param>
    public static (int End, bool IsKnown) Find(ReadOnlySpan<char> text, int at, bool isEnd)
    {
        var mark = text[at - 1];
        var (isComma, isBlock) = (Commas.Contains(mark), mark == '\n');
        var end = at;
        while (!isBlock && end < text.Length && end - at < MostBlanks && Closings.Contains(text[end]))
        {
            end++;
        }

        var blanks = end;
        while (end < text.Length && end - blanks < MostBlanks && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        // Of what follows, two characters can matter, and in front of a list a number with its mark.
        if (!isEnd && end + LongestItemNumber >= text.Length && !IsDecided(text, end, mark, end > blanks))
        {
            return (0, false);
        }

        var behind = text[end..];
        if (behind.IsEmpty)
        {
            return (0, true); // All of the text: it is a unit anyway.
        }

        var ends = isBlock ? EndsBlock(text, at, end)
            : text[blanks..end].Contains('\n') ? !isComma && EndsSentence(text, at, mark)
            : isComma ? EndsPhrase(text, at, mark, behind, end > at)
            : EndsSentence(text, at, mark) && BeginsSentence(behind, mark, text[at - 2 < 0 ? 0 : at - 2], end > blanks);
        return (ends ? end : 0, true);
    }

    /// <summary>Whether the next character alone decides, so that sound need not wait for another one.</summary>
    private static bool IsDecided(ReadOnlySpan<char> text, int end, char mark, bool isApart) =>
        end < text.Length && mark != '\n' && (FullStops.Contains(mark) || isApart) && (char.IsLetter(text[end]) || Passage.IsIdeograph(text[end]));

    /// <summary>A blank line, or the beginning of an item or heading, stands behind a line end.</summary>
    private static bool EndsBlock(ReadOnlySpan<char> text, int at, int end)
    {
        var behind = text[end..];
        if (text[at..end].Contains('\n') || (at > 1 && text[at - 2] == '\n'))
        {
            return behind[0] != '|';
        }

        if (behind.Length > 1 && LineSigns.Contains(behind[0]) && behind[1] is ' ' or '#')
        {
            return true;
        }

        var digits = 0;
        while (digits < behind.Length && digits < LongestItemNumber && char.IsAsciiDigit(behind[digits]))
        {
            digits++;
        }

        return digits > 0 && digits < behind.Length && behind[digits] is '.' or ')' or '、' && IsLineOfItem(text[..(at - 1)]);
    }

    // Behind ordinary lines "3.5" may stand at the beginning of the next one by chance.
    private static bool IsLineOfItem(ReadOnlySpan<char> text)
    {
        var line = text[(text.LastIndexOf('\n') + 1)..].TrimStart(' ');
        return !line.IsEmpty && (char.IsAsciiDigit(line[0]) || text[^1] is ':' or '：');
    }

    private static bool EndsPhrase(ReadOnlySpan<char> text, int at, char comma, ReadOnlySpan<char> behind, bool isApart) =>
        at > 1 && char.IsLetter(text[at - 2]) && char.IsLetter(behind[0]) && (comma == '，' || isApart);

    private static bool EndsSentence(ReadOnlySpan<char> text, int at, char mark)
    {
        if (mark != '.')
        {
            return true;
        }

        var before = text[..(at - 1)];
        if (before.IsEmpty || before[^1] == '.')
        {
            return before.Length > 1 && before[^2] == '.'; // Three or more: a pause.
        }

        if (!char.IsAscii(before[^1]))
        {
            return true;
        }

        var start = before.Length;
        while (start > 0 && !char.IsWhiteSpace(before[start - 1]) && char.IsAscii(before[start - 1]))
        {
            start--;
        }

        var word = before[start..].TrimStart("\"'([{*_");
        return IsNumber(word) ? HasWords(before[(before.LastIndexOf('\n') + 1)..start]) // Else the number of an item or a heading.
            : word.Length > 1 && !word.Contains('.') && !Shortened.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }

    private static bool IsNumber(ReadOnlySpan<char> word) => word.ContainsAnyInRange('0', '9') && !word.ContainsAnyExcept("0123456789.,:$€£¥%");

    private static bool HasWords(ReadOnlySpan<char> line)
    {
        foreach (var character in line)
        {
            if (char.IsLetter(character))
            {
                return true;
            }
        }

        return false;
    }

    private static bool BeginsSentence(ReadOnlySpan<char> behind, char mark, char before, bool isApart)
    {
        var first = behind[0];
        if (Openings.Contains(first) && behind.Length > 1)
        {
            first = behind[1];
        }

        if (FullStops.Contains(mark))
        {
            return !FullStops.Contains(first) && !Stops.Contains(first) && !"，、,：:".Contains(first) && !LineSigns.Contains(behind[0]);
        }

        return char.IsLetter(first) && !char.IsLower(first) && (isApart || (Passage.IsIdeograph(first) && !char.IsAscii(before)));
    }
}
