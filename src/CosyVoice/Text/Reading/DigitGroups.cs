namespace CosyVoice.Text.Reading;

/// <summary>Groups of digits with a hyphen, point or blank between, as telephone numbers are written: +1 (555) 123-4567.</summary>
/// <param name="HasBrackets">Around the first group (behind the country's).</param>
internal readonly record struct DigitGroups(string[] Parts, bool HasPlus, bool HasBrackets, int[] Ends)
{
    private const int MostGroups = 7;
    private const int LongestGroup = 12;

    /// <summary>The position behind them.</summary>
    public int End => Ends[^1];

    /// <summary>Without the last group; null where only one is left.</summary>
    public DigitGroups? Shorter => Parts.Length > 1 ? this with { Parts = Parts[..^1], Ends = Ends[..^1] } : null;

    public int DigitCount => Parts.Sum(part => part.Length);

    public string Lengths => string.Join(' ', Parts.Select(part => part.Length));

    public static DigitGroups? At(Passage passage, int at)
    {
        var hasPlus = passage[at] == '+';
        at += hasPlus ? 1 : 0;
        var (parts, ends) = (new List<string>(), new List<int>());
        var hasBrackets = false;
        for (var next = at; parts.Count < MostGroups;)
        {
            var isOpen = !hasBrackets && passage[next] is '(' or '（';
            var start = next + (isOpen ? 1 : 0);
            var stop = passage.DigitsEnd(start);
            if (stop == start || stop - start > LongestGroup || (isOpen && passage[stop] is not (')' or '）')))
            {
                break;
            }

            parts.Add(passage.Slice(start, stop));
            hasBrackets |= isOpen;
            var end = stop + (isOpen ? 1 : 0);
            ends.Add(end);
            next = Behind(passage, end, isOpen);
            if (next == 0)
            {
                break;
            }
        }

        return parts.Count > 0 ? new DigitGroups([.. parts], hasPlus, hasBrackets, [.. ends]) : null;
    }

    /// <summary>Where the next group begins; 0 where none may.</summary>
    private static int Behind(Passage passage, int end, bool isClosed) =>
        passage.IsMinus(end) || passage[end] is ' ' or '.' ? end + 1
        : isClosed ? end
        : 0;
}
