namespace CosyVoice.Text.Reading;

/// <summary>In which language numbers and signs are said.</summary>
internal enum Language
{
    Chinese,
    English,

    /// <summary>Japanese, Korean, Russian …: the model knows better than a rule for another language how they are said.</summary>
    Other,
}

/// <summary>
/// Cuts a text where its language changes. A text with ideographs is Chinese, save for stretches without one that are clearly
/// English sentences: six words or more, or three of which one is a word like "the" or "is". So "iPhone 15" in a Chinese
/// sentence is read in Chinese, and "I have 3 apples" in quotation marks in English.
/// </summary>
internal static class LanguageStretches
{
    private const int ManyWords = 6;
    private const int FewWords = 3;

    private static readonly HashSet<string> CommonWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "the", "a", "an", "is", "are", "was", "were", "be", "has", "have", "had", "in", "on", "at", "of", "to", "for", "and", "my",
        "it", "we", "you", "he", "she", "they", "with", "from", "this", "that", "do", "does", "did", "will", "can", "not", "i",
        "your", "his", "her", "by",
    };

    /// <param name="followsChinese">Whether the text goes on with a Chinese one.</param>
    public static IEnumerable<(Language Language, string Text)> Split(string text, bool followsChinese = false)
    {
        var whole = Of(text);
        whole = followsChinese && whole == Language.English ? Language.Chinese : whole;
        if (whole != Language.Chinese)
        {
            return [(whole, text)];
        }

        var stretches = new List<(Language, string)>();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = StretchEnd(text, at);
            if (IsEnglish(text.AsSpan(at, end - at)))
            {
                stretches.Add((Language.Chinese, text[start..at]));
                stretches.Add((Language.English, text[at..end]));
                start = end;
            }

            at = Math.Max(end, at + 1);
        }

        stretches.Add((Language.Chinese, text[start..]));
        return stretches;
    }

    /// <summary>The language of most of a text.</summary>
    public static Language Of(string text) =>
        IsJapanese(text) ? Language.Other
        : ChineseText.IsIn(text) || text.AsSpan().ContainsAny("，。：；！？、（）￥") ? Language.Chinese
        : text.AsSpan().ContainsAnyInRange('\u1100', '\u11ff') || text.AsSpan().ContainsAnyInRange('\uac00', '\ud7a3') ? Language.Other
        : text.AsSpan().ContainsAnyInRange('\u0370', '\u1cff') && !text.Any(char.IsAsciiLetter) && text.Any(IsForeignLetter)
        ? Language.Other
        : Language.English;

    /// <summary>A shop sign's の makes no Japanese text.</summary>
    private static bool IsJapanese(string text)
    {
        var kana = text.Count(character => character is >= '\u3041' and <= '\u30fa');
        return kana > 0 && 5 * kana > text.Count(Passage.IsIdeograph);
    }

    private static bool IsForeignLetter(char character) => character is >= '\u0400' and <= '\u1cff' && char.IsLetter(character);

    private static int StretchEnd(string text, int at)
    {
        while (at < text.Length && text[at] < '\u2e80')
        {
            at++;
        }

        return at;
    }

    private static bool IsEnglish(ReadOnlySpan<char> text)
    {
        var (words, common) = (0, 0);
        foreach (var range in text.SplitAny(" ,.!?;:\"“”'()"))
        {
            var word = text[range];
            if (!word.IsEmpty && !word.ContainsAnyExcept(Letters))
            {
                words++;
                common += CommonWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) ? 1 : 0;
            }
        }

        return words >= ManyWords || (words >= FewWords && common > 0);
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-’");
}
