using System.Text;

namespace CosyVoice.Text.Arriving;

/// <summary>
/// Cuts a text that arrives in pieces into units that can be read one by one: at ends of sentences and of lines that stand by
/// themselves, at commas of long sentences, and in any case before <see cref="Longest"/>. Units depend on the text alone, not
/// on how it was cut into pieces: a place is decided on only when everything that the decision needs has arrived.
/// </summary>
internal sealed class TextUnits
{
    /// <summary>Width of a unit at most: Latin letters count 1, ideographs 2.</summary>
    public const int Longest = 240;

    private const int LongPhrase = 60; // Width from which on a comma is a place to cut.

    private readonly StringBuilder _held = new();

    /// <summary>The units that a piece completes.</summary>
    public List<string> Append(string piece)
    {
        _held.Append(piece);
        return Release(isEnd: false);
    }

    /// <summary>What is left when nothing follows, or what follows is another matter.</summary>
    public List<string> Flush() => Release(isEnd: true);

    private List<string> Release(bool isEnd)
    {
        List<string> units = [];
        var text = _held.ToString();
        var start = 0;
        while (start < text.Length && FirstLength(text.AsSpan(start), isEnd) is > 0 and var length)
        {
            units.Add(text.Substring(start, length));
            start += length;
        }

        _held.Remove(0, start);
        return units;
    }

    /// <summary>Length of the unit that the text begins with; 0 while that may depend on what follows.</summary>
    private static int FirstLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var (width, depth) = (0, 0);
        for (var at = 1; at <= text.Length; at++)
        {
            var last = text[at - 1];
            width += last < '\u2e80' ? 1 : 2;
            depth = Math.Max(0, depth + UnitEnds.Nesting(last));
            if (width >= Longest)
            {
                return text.Length - at >= SafePlaces.LookAhead || isEnd ? SafePlaces.Last(text, at) : 0;
            }

            // A line of a table is read as a whole, and what is in brackets is, too.
            if (!UnitEnds.IsMark(last, mayBeComma: width >= LongPhrase) || depth > 0 || UnitEnds.IsInRow(text[..at]))
            {
                continue;
            }

            var (end, isKnown) = UnitEnds.Find(text, at, isEnd);
            if (!isKnown || end > 0)
            {
                return isKnown ? end : 0;
            }
        }

        return isEnd ? text.Length : 0;
    }
}
