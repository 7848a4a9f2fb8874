namespace CosyVoice.Text;

/// <summary>How a paragraph becomes segments; the defaults are the ones the reference calls with.</summary>
internal sealed record SplitRules
{
    /// <summary>Chinese marks end a sentence, too, and lengths count characters; else they count tokens.</summary>
    public required bool IsChinese { get; init; }

    /// <summary>A segment that is longer than <see cref="Shortest"/> takes in no sentence that would make it longer than this.</summary>
    public int Longest { get; init; } = 80;

    public int Shortest { get; init; } = 60;

    /// <summary>A last segment shorter than this joins the one before.</summary>
    public int MergeBelow { get; init; } = 20;

    public bool AtCommas { get; init; }

    /// <summary>An ASCII mark between two letters or digits, as in 3.5, ends no sentence (in the reference it does).</summary>
    public bool KeepsWords { get; init; }
}

/// <summary>
/// Cuts a paragraph into sentences and joins them to segments of about equal length, as the reference's split_paragraph.
/// Unlike there, a text may be empty or begin with a full stop and a quotation mark.
/// </summary>
internal static class ParagraphSplitter
{
    private const string ChineseEnds = "。？！；：、.?!;";
    private const string EnglishEnds = ".?!;:";
    private const string Commas = "，,";

    public static List<string> Split(string text, SplitRules rules, Func<string, int> countTokens)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var ends = (rules.IsChinese ? ChineseEnds : EnglishEnds) + (rules.AtCommas ? Commas : "");
        if (!ends.Contains(text[^1]))
        {
            text += rules.IsChinese ? '。' : '.';
        }

        return Join(Sentences(text, ends, rules.KeepsWords), rules, rules.IsChinese ? CountCharacters : countTokens);
    }

    /// <summary>Each with the mark that ends it and a quotation mark behind; marks that follow a mark are dropped.</summary>
    private static List<string> Sentences(string text, string ends, bool keepsWords)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!ends.Contains(text[i]) || (keepsWords && IsInWord(text, i)))
            {
                continue;
            }

            if (i > start)
            {
                sentences.Add(text[start..(i + 1)]);
            }

            start = i + 1;
            if (start < text.Length && text[start] is '"' or '”' && sentences.Count > 0)
            {
                sentences[^1] += text[start];
                start++;
            }
        }

        return sentences;
    }

    private static List<string> Join(List<string> sentences, SplitRules rules, Func<string, int> length)
    {
        var segments = new List<string>();
        var current = "";
        foreach (var sentence in sentences)
        {
            if (length(current) > rules.Shortest && length(current + sentence) > rules.Longest)
            {
                segments.Add(current);
                current = "";
            }

            current += sentence;
        }

        if (current.Length > 0 && segments.Count > 0 && length(current) < rules.MergeBelow)
        {
            segments[^1] += current;
        }
        else if (current.Length > 0)
        {
            segments.Add(current);
        }

        return segments;
    }

    private static bool IsInWord(string text, int at) =>
        char.IsAscii(text[at]) && at > 0 && at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at - 1])
            && char.IsAsciiLetterOrDigit(text[at + 1]);

    private static int CountCharacters(string text) => text.EnumerateRunes().Count();
}
