using System.Globalization;
using System.Text;

namespace CosyVoice.Text;

/// <summary>
/// Writes the digits of a text as English words. Beyond the reference's spell_out_number: decimals are read ("3.5" is "three
/// point five", there "three.five"), a blank parts a number from a letter beside it, superscript and circled digits have
/// their value (there zero), and numbers that are too long for a name are read digit by digit (there an exception).
/// </summary>
internal static class EnglishNumbers
{
    public static string SpellOut(string text)
    {
        if (!text.Any(character => Digit(character) >= 0))
        {
            return text;
        }

        var result = new StringBuilder(2 * text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (Digit(text[at]) < 0)
            {
                result.Append(text[at++]);
                continue;
            }

            SeparateFromWord(result, result.Length > 0 ? result[^1] : ' ');
            var digits = TakeDigits(text, ref at);
            result.Append(digits.Length <= NumberWords.MaxDigits ? NumberWords.Spell(digits) : NumberWords.SpellEach(digits));
            while (at + 1 < text.Length && text[at] == '.' && Digit(text[at + 1]) >= 0)
            {
                at++;
                result.Append(" point ").Append(NumberWords.SpellEach(TakeDigits(text, ref at)));
            }

            SeparateFromWord(result, at < text.Length ? text[at] : ' ');
        }

        return result.ToString();
    }

    private static void SeparateFromWord(StringBuilder result, char neighbour)
    {
        if (char.IsLetter(neighbour))
        {
            result.Append(' ');
        }
    }

    private static int[] TakeDigits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && Digit(text[at]) >= 0)
        {
            at++;
        }

        return [.. text[start..at].Select(Digit)];
    }

    /// <summary>The value of a decimal, superscript or circled digit; -1 for anything else.</summary>
    private static int Digit(char character) => CharUnicodeInfo.GetDigitValue(character);
}
