namespace CosyVoice.Text.Reading;

/// <summary>Roman numerals, in capital letters or in the characters of their own (Ⅳ).</summary>
internal static class RomanNumeral
{
    private const int LongestName = 9;
    private static readonly string[] Tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"];
    private static readonly string[] Ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];

    private static readonly Dictionary<string, int> Values = Enumerable.Range(1, 99)
        .ToDictionary(value => Tens[value / 10] + Ones[value % 10], StringComparer.Ordinal);

    /// <summary>
    /// The value, 1 to 99, of the numeral that is the whole Latin word here, and the position behind it; null where there is
    /// none.
    /// </summary>
    public static (int Value, int End)? At(Passage passage, int at)
    {
        if (passage[at] is >= 'Ⅰ' and <= 'Ⅻ' or >= 'ⅰ' and <= 'ⅻ')
        {
            return ((passage[at] - 'Ⅰ') % 16 + 1, at + 1);
        }

        if (passage[at] is not ('I' or 'V' or 'X' or 'L') || passage.IsLatin(at - 1) || passage.IsDigit(at - 1))
        {
            return null;
        }

        var word = passage.WordAt(at);
        return word.Length <= LongestName && !passage.IsDigit(at + word.Length) && Values.TryGetValue(word, out var value)
            ? (value, at + word.Length)
            : null;
    }
}
