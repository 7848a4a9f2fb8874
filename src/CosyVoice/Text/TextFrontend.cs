using System.Text;

namespace CosyVoice.Text;

/// <summary>A stretch of text that is spoken in one generation, and its tokens.</summary>
public sealed record TextSegment(string Text, int[] Tokens);

/// <summary>
/// Text as given to segments as spoken: numbers are written out, the text is cut into sentences and these are joined to
/// segments of about 80 characters (Chinese) or tokens (other), none above 200 characters. As the reference's text_normalize
/// without its optional normalisers, except for how numbers are read (<see cref="EnglishNumbers"/>, <see cref="ChineseText"/>)
/// and that any text has a result: none for one without a letter or digit.
/// </summary>
public sealed class TextFrontend(Tokenizer tokenizer)
{
    private readonly SegmentLimit _limit = new(tokenizer.Added);

    /// <summary>Text with tokens such as &lt;|endofprompt|&gt; in it is taken as it is, and only cut where it is too long.</summary>
    public IReadOnlyList<TextSegment> Prepare(string text) =>
    [
        .. Split(text.Trim())
            .SelectMany(_limit.Apply)
            .Where(IsSpoken)
            .Select(segment => new TextSegment(segment, tokenizer.Encode(segment))),
    ];

    private List<string> Split(string text)
    {
        if (text.Contains("<|", StringComparison.Ordinal) && text.Contains("|>", StringComparison.Ordinal))
        {
            return [text];
        }

        var isChinese = ChineseText.IsIn(text);
        var normal = isChinese ? ChineseText.Clean(ChineseText.ReadDecimalPoints(text)) : EnglishNumbers.SpellOut(text);
        return ParagraphSplitter.Split(normal, new SplitRules { IsChinese = isChinese }, segment => tokenizer.Encode(segment).Length);
    }

    private static bool IsSpoken(string segment) => segment.EnumerateRunes().Any(rune => Rune.IsLetter(rune) || Rune.IsNumber(rune));
}
