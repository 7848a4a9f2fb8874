using System.Text;
using CosyVoice.Enrolment;

namespace CosyOrleans.Service.Alignment;

/// <summary>
/// When the words of a segment are said. The models do not tell which text a speech token belongs to, so this is an estimate: the
/// sounding time of the segment, without its pauses, is shared among the words by their syllables. So a pause takes no time from
/// the words around it, and an error in one sentence ends where the segment does.
/// </summary>
internal static class WordTimes
{
    // What a word without a syllable of its own takes, such as a mark that stands alone.
    private const double Least = 0.25;

    /// <param name="begin">The segment's first sample.</param>
    /// <param name="end">Behind its last.</param>
    public static IReadOnlyList<SpokenSpan> Estimate(string text, long begin, long end, LoudnessTrack loudness)
    {
        var words = Split(text);
        if (words.Count == 0 || end <= begin)
        {
            return [];
        }

        var weights = words.Select(word => Math.Max(Least, Syllables.Count(word))).ToArray();
        var parts = loudness.Sounding(begin, end);
        var share = parts.Sum(part => part.End - part.Begin) / weights.Sum();
        List<SpokenSpan> spans = [];
        var (passed, rate) = (0.0, (double)loudness.SampleRate);
        for (var i = 0; i < words.Count; i++)
        {
            var from = At(parts, passed, atEnd: false);
            passed += weights[i] * share;
            spans.Add(new SpokenSpan(words[i], from / rate, At(parts, passed, atEnd: true) / rate));
        }

        return spans;
    }

    /// <summary>
    /// Words with the marks behind them. A Chinese or Japanese character is a word; blanks and changes of script separate others.
    /// </summary>
    internal static List<string> Split(string text)
    {
        List<string> words = [];
        var (open, blank) = (false, true); // Whether what follows may go on with the last word; whether nothing but blanks is before it.
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                (open, blank) = (false, true);
                continue;
            }

            if (IsCharacterWord(rune))
            {
                words.Add(rune.ToString());
                open = false;
            }
            else if (words.Count > 0 && (open || (!blank && !Rune.IsLetterOrDigit(rune))))
            {
                words[^1] += rune;
            }
            else
            {
                words.Add(rune.ToString());
                open = true;
            }

            blank = false;
        }

        return words;
    }

    private static bool IsCharacterWord(Rune rune) =>
        rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    /// <summary>The sample at which so much of the parts has passed; where a pause is, its beginning or its end.</summary>
    private static double At(IReadOnlyList<(long Begin, long End)> parts, double passed, bool atEnd)
    {
        const double Rounding = 1e-6;
        foreach (var (begin, end) in parts)
        {
            var length = end - begin;
            if (passed < length - Rounding || (atEnd && passed < length + Rounding))
            {
                return begin + Math.Clamp(passed, 0, length);
            }

            passed -= length;
        }

        return parts[^1].End;
    }
}
