namespace CosyOrleans.Service.Alignment;

/// <summary>Where the words of a segment stand in its text, and when its characters are said.</summary>
public static class SegmentTimes
{
    /// <summary>The words with their places in the segment's text: [begin, end), UTF-16.</summary>
    public static IEnumerable<(SpokenSpan Word, int Begin, int End)> Places(SpokenSegment segment)
    {
        var at = 0;
        foreach (var word in segment.Words)
        {
            var begin = segment.Text.IndexOf(word.Text, at, StringComparison.Ordinal);
            at = begin + word.Text.Length;
            yield return (word, begin, at);
        }
    }

    /// <summary>
    /// When each character (Unicode scalar value) of the text is said, without gaps from the segment's beginning to its end: those of
    /// a word share its time evenly, blanks take the pause that they stand for.
    /// </summary>
    public static IReadOnlyList<SpokenSpan> Characters(SpokenSegment segment)
    {
        List<(string Text, double Begin)> begins = [];
        var (at, said) = (0, segment.Begin);
        foreach (var (word, begin, end) in Places(segment))
        {
            Share(begins, segment.Text[at..begin], said, word.Begin);
            Share(begins, word.Text, word.Begin, word.End);
            (at, said) = (end, word.End);
        }

        Share(begins, segment.Text[at..], said, segment.End);
        return [.. begins.Select((character, i) => new SpokenSpan(
            character.Text, i == 0 ? segment.Begin : character.Begin, i + 1 < begins.Count ? begins[i + 1].Begin : segment.End))];
    }

    private static void Share(List<(string Text, double Begin)> begins, string text, double begin, double end)
    {
        var runes = text.EnumerateRunes().ToArray();
        begins.AddRange(runes.Select((rune, i) => (rune.ToString(), begin + ((end - begin) * i / runes.Length))));
    }
}
