using System.Globalization;
using System.Text;

namespace CosyVoice.Text;

/// <summary>
/// Cuts text into the pieces that byte-pair encoding never crosses: Qwen2's pattern, by hand so that its time is linear,
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal static class PieceSplitter
{
    private enum Kind
    {
        End,
        Letter,
        Number,
        NewLine,
        Space,
        Other,
    }

    /// <summary>Length, in chars, of the piece that the text begins with; the text is not empty.</summary>
    public static int FirstLength(ReadOnlySpan<char> text)
    {
        var contraction = Contraction(text);
        if (contraction > 0)
        {
            return contraction;
        }

        var (first, length) = Classify(text);
        var (second, _) = Classify(text[length..]);
        return first switch
        {
            Kind.Letter => Run(text, 0, Kind.Letter),
            Kind.Number => length,
            Kind.Space or Kind.Other when second == Kind.Letter => Run(text, length, Kind.Letter),
            Kind.Space when text[0] == ' ' && second == Kind.Other => Symbols(text, length),
            Kind.Other => Symbols(text, 0),
            _ => Blanks(text),
        };
    }

    private static int Symbols(ReadOnlySpan<char> text, int start) => Run(text, Run(text, start, Kind.Other), Kind.NewLine);

    /// <summary>Blanks up to the last line end among them; else all but the one in front of a word; else all.</summary>
    private static int Blanks(ReadOnlySpan<char> text)
    {
        var (end, lastNewLine, lastLength) = (0, 0, 0);
        for (var (kind, length) = Classify(text); kind is Kind.Space or Kind.NewLine; (kind, length) = Classify(text[end..]))
        {
            end += length;
            lastLength = length;
            lastNewLine = kind == Kind.NewLine ? end : lastNewLine;
        }

        if (lastNewLine > 0)
        {
            return lastNewLine;
        }

        return end < text.Length && end > lastLength ? end - lastLength : end;
    }

    private static int Run(ReadOnlySpan<char> text, int start, Kind wanted)
    {
        var (kind, length) = Classify(text[start..]);
        while (kind == wanted)
        {
            start += length;
            (kind, length) = Classify(text[start..]);
        }

        return start;
    }

    /// <summary>The long s folds to s, so it counts as one where case is ignored.</summary>
    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
        {
            return 0;
        }

        var second = char.ToLowerInvariant(text[1]);
        if (second is 's' or 'ſ' or 't' or 'm' or 'd')
        {
            return 2;
        }

        var third = text.Length > 2 ? char.ToLowerInvariant(text[2]) : '\0';
        return (second, third) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static (Kind Kind, int Length) Classify(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return (Kind.End, 0);
        }

        Rune.DecodeFromUtf16(text, out var rune, out var length);
        return (Classify(rune), length);
    }

    private static Kind Classify(Rune rune) => rune.Value switch
    {
        '\r' or '\n' => Kind.NewLine,
        _ when Rune.IsWhiteSpace(rune) => Kind.Space,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        },
    };
}
