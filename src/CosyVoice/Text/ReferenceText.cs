using System.Globalization;
using System.Text;

namespace CosyVoice.Text;

/// <summary>
/// The reference's text_normalize exactly, without its optional normalisers, for comparison with it: "3.5" becomes "3。5" in a
/// Chinese text, nothing limits the length of a sentence, and a text with tokens such as &lt;|endofprompt|&gt; is left alone.
/// </summary>
internal sealed class ReferenceText(Tokenizer tokenizer)
{
    /// <summary>The segments; one, for a text that is not normalised.</summary>
    public string[] Split(string text, bool frontend) => !frontend || IsLeftAlone(text)
        ? [text]
        : [.. SplitParagraph(Clean(text), Rules(text)).Where(segment => !IsOnlyPunctuation(segment))];

    /// <summary>The text that <see cref="Split"/> would split.</summary>
    public static string Normalize(string text) => IsLeftAlone(text) ? text : Clean(text);

    public List<string> SplitParagraph(string text, SplitRules rules) =>
        ParagraphSplitter.Split(text, rules, segment => tokenizer.Encode(segment).Length);

    /// <summary>Every run of digits as a number; a digit that is no decimal digit, such as ², counts for nothing.</summary>
    public static string SpellOutNumber(string text)
    {
        var result = new StringBuilder();
        var run = new List<Rune>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (DigitValue(rune) >= 0)
            {
                run.Add(rune);
                continue;
            }

            AppendNumber(result, run);
            result.Append(rune);
        }

        AppendNumber(result, run);
        return result.ToString();
    }

    public static bool IsOnlyPunctuation(string text) => text.EnumerateRunes().All(rune => Rune.IsPunctuation(rune) || Rune.IsSymbol(rune));

    private static bool IsLeftAlone(string text) =>
        text.Length == 0 || (text.Contains("<|", StringComparison.Ordinal) && text.Contains("|>", StringComparison.Ordinal));

    private static string Clean(string text)
    {
        text = text.Trim();
        return ChineseText.IsIn(text) ? ChineseText.Clean(text) : SpellOutNumber(text);
    }

    private static SplitRules Rules(string text) => new() { IsChinese = ChineseText.IsIn(text) };

    private static void AppendNumber(StringBuilder result, List<Rune> run)
    {
        if (run.Count > 0)
        {
            result.Append(NumberWords.Spell([.. run.Where(Rune.IsDigit).Select(DigitValue)]));
            run.Clear();
        }
    }

    private static int DigitValue(Rune rune) => CharUnicodeInfo.GetDigitValue(rune.ToString(), 0);
}
