using System.Text;

namespace CosyVoice.Text;

/// <summary>Spells whole numbers in British English: 1234 is "one thousand, two hundred and thirty-four".</summary>
internal static class NumberWords
{
    /// <summary>Longer numbers have no name here.</summary>
    public const int MaxDigits = 36;

    private static readonly string[] BelowTwenty =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly string[] Scales =
    [
        "", " thousand", " million", " billion", " trillion", " quadrillion", " quintillion", " sextillion", " septillion",
        " octillion", " nonillion", " decillion",
    ];

    /// <param name="digits">0 to 9 each; leading zeros do not count.</param>
    public static string Spell(ReadOnlySpan<int> digits)
    {
        digits = digits.TrimStart(0);
        if (digits.Length > MaxDigits)
        {
            throw new ArgumentOutOfRangeException(nameof(digits), digits.Length, $"At most {MaxDigits} digits can be spelled as a number.");
        }

        if (digits.IsEmpty)
        {
            return BelowTwenty[0];
        }

        var words = new StringBuilder();
        for (var scale = (digits.Length - 1) / 3; scale >= 0; scale--)
        {
            AppendGroup(words, Group(digits, scale), scale);
        }

        return words.ToString();
    }

    /// <summary>Digit by digit, "one nine zero".</summary>
    public static string SpellEach(ReadOnlySpan<int> digits)
    {
        var words = new StringBuilder();
        foreach (var digit in digits)
        {
            words.Append(words.Length > 0 ? " " : "").Append(BelowTwenty[digit]);
        }

        return words.ToString();
    }

    private static int Group(ReadOnlySpan<int> digits, int scale)
    {
        var end = digits.Length - (3 * scale);
        var value = 0;
        foreach (var digit in digits[Math.Max(0, end - 3)..end])
        {
            value = (10 * value) + digit;
        }

        return value;
    }

    private static void AppendGroup(StringBuilder words, int value, int scale)
    {
        if (value == 0)
        {
            return;
        }

        if (words.Length > 0)
        {
            words.Append(scale == 0 && value < 100 ? " and " : ", ");
        }

        if (value >= 100)
        {
            words.Append(BelowTwenty[value / 100]).Append(" hundred").Append(value % 100 > 0 ? " and " : "");
        }

        AppendBelowHundred(words, value % 100);
        words.Append(Scales[scale]);
    }

    private static void AppendBelowHundred(StringBuilder words, int value)
    {
        if (value >= 20)
        {
            words.Append(Tens[value / 10]).Append(value % 10 > 0 ? "-" : "");
            value %= 10;
        }

        if (value > 0)
        {
            words.Append(BelowTwenty[value]);
        }
    }
}
