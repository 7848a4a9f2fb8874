namespace CosyVoice.Text;

/// <summary>Korean syllables are composed by arithmetic (The Unicode Standard, section 3.12).</summary>
internal static class Hangul
{
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Tails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28; // including "none"
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    public static bool IsVowelOrTail(int codePoint) =>
        codePoint is >= Vowels and < Vowels + VowelCount or > Tails and < Tails + TailCount;

    /// <summary>Lead and vowel, and a tail if it has one; empty for anything but a syllable.</summary>
    public static int[] Decompose(int codePoint)
    {
        var index = codePoint - Syllables;
        if (index is < 0 or >= SyllableCount)
        {
            return [];
        }

        var lead = Leads + (index / (VowelCount * TailCount));
        var vowel = Vowels + (index % (VowelCount * TailCount) / TailCount);
        var tail = index % TailCount;
        return tail == 0 ? [lead, vowel] : [lead, vowel, Tails + tail];
    }

    public static int? Compose(int first, int second)
    {
        if (first is >= Leads and < Leads + LeadCount && second is >= Vowels and < Vowels + VowelCount)
        {
            return Syllables + ((((first - Leads) * VowelCount) + second - Vowels) * TailCount);
        }

        var isOpenSyllable = first is >= Syllables and < Syllables + SyllableCount && (first - Syllables) % TailCount == 0;
        return isOpenSyllable && second is > Tails and < Tails + TailCount ? first + second - Tails : null;
    }
}
