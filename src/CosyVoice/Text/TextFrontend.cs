using System.Text;
using CosyVoice.Text.Arriving;
using CosyVoice.Text.Marks;

namespace CosyVoice.Text;

/// <summary>A stretch of text that is spoken in one generation, and its tokens.</summary>
public sealed record TextSegment(string Text, int[] Tokens);

/// <summary>
/// Text as given to segments as spoken: it is written out as a person would read it, cut into sentences, and these are joined to
/// segments of about 80 characters (Chinese) or tokens (other), none above 200 characters. Any text has a result: none for one
/// without a letter or digit. Safe for use by several threads.
/// <para>Brackets that hold exactly one of the model's units, [h][ào], [M][AY0], [laughter], are a mark and stay whole. Brackets
/// that look meant as one but are none, [h][aoo], [hào], [hao4], 你[hao], [AY7], [zzz], are an error. All other brackets are
/// plain text: [sic], [see below], [1], (hao). <see cref="PronunciationMarks"/> has the exact boundary.</para>
/// </summary>
/// <param name="reading">With <see cref="TextReading.Reference"/> all is as in the reference's text_normalize instead.</param>
public sealed class TextFrontend(Tokenizer tokenizer, TextReading reading = TextReading.Spoken)
{
    private readonly SegmentLimit _limit = new(tokenizer.Added);
    private readonly SpokenText _spoken = new(tokenizer.Added);
    private readonly ReferenceText _reference = new(tokenizer);

    /// <summary>Text with tokens such as &lt;|endofprompt|&gt; in it is taken as it is, and only cut where it is too long.</summary>
    /// <exception cref="PronunciationMarkException">
    /// Brackets are meant as a pronunciation mark that the model does not have, such as [hào] for [h][ào].
    /// </exception>
    public IReadOnlyList<TextSegment> Prepare(string text)
    {
        var segments = reading == TextReading.Reference
            ? text.Length > 0 ? _reference.Split(text, frontend: true) : []
            : Split(text.Trim()).SelectMany(_limit.Apply).Where(IsSpoken);
        return [.. segments.Select(segment => new TextSegment(segment, tokenizer.Encode(segment)))];
    }

    /// <summary>The text as it would be spoken, in one piece, as for the transcript of a recording.</summary>
    /// <exception cref="PronunciationMarkException">As in <see cref="Prepare"/>.</exception>
    public string Normalize(string text) =>
        reading == TextReading.Reference ? ReferenceText.Normalize(text)
        : HasToken(text) ? text
        : _spoken.Of(text);

    /// <summary>Reads a text while it is being written; null where it is to be left as it is.</summary>
    internal ArrivingText? ReadArriving() => reading == TextReading.Reference ? null : new ArrivingText(this);

    /// <summary>A part of a text as it would be spoken.</summary>
    /// <param name="isChinese">Whether anything before it was Chinese; then, whether anything was up to its end.</param>
    internal string ReadUnit(string unit, ref bool isChinese) => HasToken(unit) ? unit : _spoken.Of(unit, ref isChinese);

    private List<string> Split(string text)
    {
        if (HasToken(text))
        {
            return [text];
        }

        var spoken = _spoken.Of(text);
        var rules = new SplitRules { IsChinese = ChineseText.IsIn(spoken), KeepsWords = true };
        return ParagraphSplitter.Split(spoken, rules, segment => tokenizer.Encode(segment).Length);
    }

    private bool HasToken(string text) =>
        text.Contains("<|", StringComparison.Ordinal)
        && tokenizer.Added.Texts.Any(token =>
        token.StartsWith("<|", StringComparison.Ordinal) && text.Contains(token, StringComparison.Ordinal));

    private static bool IsSpoken(string segment) => segment.EnumerateRunes().Any(rune => Rune.IsLetter(rune) || Rune.IsNumber(rune));
}
