using System.Text;

namespace CosyVoice.Text.Arriving;

/// <summary>
/// Text that is read as a person would read it while it is still being written, unit by unit. What was said decides about what
/// follows as it does within one text: numbers behind a Chinese sentence are said in Chinese.
/// </summary>
internal sealed class ArrivingText(TextFrontend frontend)
{
    private const string Ends = "。！？；：….!?;:";
    private const string Pauses = ",，";
    private const string Closings = "\"'”’」』）)】]》";

    private readonly TextUnits _units = new();
    private bool _isChinese;
    private bool _isCode;
    private bool _isApart; // Whether a blank or a line end stands behind what was read.
    private char _last;

    /// <summary>What can be said now that a piece more is there; often nothing.</summary>
    /// <exception cref="Marks.PronunciationMarkException">As in <see cref="TextFrontend.Prepare"/>.</exception>
    public string Append(string piece) => Read(_units.Append(piece));

    /// <summary>The rest, as if the text ended here.</summary>
    /// <exception cref="Marks.PronunciationMarkException">As in <see cref="TextFrontend.Prepare"/>.</exception>
    public string Flush()
    {
        var rest = Read(_units.Flush());
        if (rest.Length == 0 || Ends.Contains(LastMark(rest)))
        {
            return rest;
        }

        _last = _isChinese ? '。' : '.';
        return rest.TrimEnd(',', '，', ' ') + _last;
    }

    private string Read(List<string> units)
    {
        var read = new StringBuilder();
        foreach (var unit in units)
        {
            var spoken = Read(unit);
            if (spoken.Length > 0)
            {
                // Ideographs need no blank between sentences, letters do.
                read.Append(_isApart && _last is > '\0' and < '\u2e80' && spoken[0] < '\u2e80' ? " " : "").Append(spoken);
                _last = spoken[^1];
                _isApart = false;
            }

            _isApart |= char.IsWhiteSpace(unit[^1]);
        }

        return read.ToString();
    }

    private string Read(string unit)
    {
        var isCode = _isCode;
        foreach (var line in unit.AsSpan().EnumerateLines())
        {
            _isCode ^= line.TrimStart().StartsWith("```") && line.Trim().IndexOf("```") == line.Trim().LastIndexOf("```");
        }

        // A line that ends here stood by itself: it was cut in front of a blank line or an item.
        var spoken = frontend.ReadUnit((isCode ? "```\n" : "") + (unit.EndsWith('\n') ? unit + '\n' : unit), ref _isChinese);
        var end = unit.AsSpan().TrimEnd();
        return spoken.Length > 0 && !end.IsEmpty && Pauses.Contains(end[^1]) && !Pauses.Contains(spoken[^1]) && !Ends.Contains(spoken[^1])
            ? spoken + end[^1] : spoken;
    }

    private static char LastMark(string text)
    {
        var at = text.Length - 1;
        while (at > 0 && Closings.Contains(text[at]))
        {
            at--;
        }

        return text[at];
    }
}
