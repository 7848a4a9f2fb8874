using System.Text;

namespace CosyVoice.Enrolment;

/// <summary>About how many syllables a text has: enough to see whether it can be what was said in so many seconds.</summary>
public static class Syllables
{
    private const string Vowels = "aeiouy";

    // Letters with accents, of which most are vowels.
    private const int FirstAccented = 0xC0;

    // Of scripts that write consonants and vowels apart, about two letters to the syllable.
    private const double LettersPerSyllable = 2;

    /// <summary>0 or more, not whole where letters are counted in place of syllables.</summary>
    public static double Count(string text)
    {
        var (count, inVowels, wordHasVowel, inWord) = (0.0, false, false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isLatin = rune.Value < 0x250 && Rune.IsLetter(rune);
            if (!isLatin)
            {
                count += (inWord && !wordHasVowel ? 1 : 0) + Count(rune);
                (inVowels, wordHasVowel, inWord) = (false, false, false);
                continue;
            }

            var isVowel = rune.Value >= FirstAccented || Vowels.Contains(char.ToLowerInvariant((char)rune.Value), StringComparison.Ordinal);
            count += isVowel && !inVowels ? 1 : 0;
            (inVowels, wordHasVowel, inWord) = (isVowel, wordHasVowel || isVowel, true);
        }

        return count + (inWord && !wordHasVowel ? 1 : 0);
    }

    private static double Count(Rune rune) => rune.Value switch
    {
        >= 0x3040 and <= 0x30FF or >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF => 1, // kana, Chinese characters
        >= 0xAC00 and <= 0xD7AF => 1, // Korean
        _ => Rune.IsDigit(rune) ? 1 : Rune.IsLetter(rune) ? 1 / LettersPerSyllable : 0,
    };
}
