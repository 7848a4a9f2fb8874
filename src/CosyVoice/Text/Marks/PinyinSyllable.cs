namespace CosyVoice.Text.Marks;

/// <summary>Syllables of pinyin as people write them: hào, hao4, hao.</summary>
internal static class PinyinSyllable
{
    private const string ToneMarked = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ";
    private const string Plain = "aaaaeeeeiiiioooouuuuvvvv";

    private static readonly string[] Initials =
        ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w"];

    private static readonly HashSet<string> Finals =
    [
        "a", "o", "e", "i", "u", "v", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "er", "ong", "ia", "iao", "ie", "iu", "ian",
        "in", "iang", "ing", "iong", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "ve",
    ];

    public static bool IsToneMarked(char character) => ToneMarked.Contains(character);

    /// <summary>Macrons and carons stand on vowels of hardly any other language that is written here.</summary>
    public static bool IsOnlyPinyin(char character) => ToneMarked.IndexOf(character) is >= 0 and var at && at % 4 is 0 or 2;

    public static bool IsToneless(string text) => Split(text) is not null;

    /// <summary>Initial and final with its tone, of hào or of hao4; null for what is no syllable with a tone.</summary>
    public static (string Initial, string Final)? Parts(string syllable)
    {
        var digit = syllable[^1] - '1';
        var letters = digit is >= 0 and <= 4 ? syllable[..^1] : syllable;
        if (letters.Length == 0 || Split(letters) is not var (initial, final) || (initial.Length == 0))
        {
            return null;
        }

        if (digit is >= 0 and <= 4)
        {
            return (initial, digit == 4 ? final : WithTone(final, digit));
        }

        return letters.Any(IsToneMarked) ? (initial, final) : null;
    }

    private static (string Initial, string Final)? Split(string text)
    {
        var initial = Initials.FirstOrDefault(initial => text.StartsWith(initial, StringComparison.Ordinal)) ?? "";
        var final = text[initial.Length..];
        return Finals.Contains(string.Concat(final.Select(Toneless))) ? (initial, final) : null;
    }

    private static char Toneless(char character) =>
        character == 'ü' ? 'v' : ToneMarked.IndexOf(character) is >= 0 and var at ? Plain[at] : character;

    /// <summary>The mark stands on a, o or e; else on the last vowel.</summary>
    private static string WithTone(string final, int tone)
    {
        var at = final.IndexOfAny(['a', 'o', 'e']);
        at = at < 0 ? final.LastIndexOfAny(['i', 'u', 'v', 'ü']) : at;
        return at < 0 ? final : final[..at] + ToneMarked[Plain.IndexOf(Toneless(final[at])) + tone] + final[(at + 1)..];
    }
}
