namespace CosyVoice.Text.Reading.English;

/// <summary>English words of numbers.</summary>
internal static class EnglishNumerals
{
    private static readonly Dictionary<string, string> Ordinals = new(StringComparer.Ordinal)
    {
        ["one"] = "first", ["two"] = "second", ["three"] = "third", ["five"] = "fifth", ["eight"] = "eighth", ["nine"] = "ninth",
        ["twelve"] = "twelfth",
    };

    /// <summary>A number as written, 3.14 as three point one four.</summary>
    public static string Number(Numeral number)
    {
        var whole = number.Whole.Length > 0 ? Cardinal(number.Whole) : "";
        return number.IsWhole ? whole : $"{whole}{(whole.Length > 0 ? " " : "")}point {Each(number.Fraction)}";
    }

    /// <summary>1234 is one thousand two hundred and thirty-four; what is too long for a name is said digit by digit.</summary>
    public static string Cardinal(string digits) =>
        digits.Length > NumberWords.MaxDigits ? Each(digits) : NumberWords.Spell(Values(digits)).Replace(",", "", StringComparison.Ordinal);

    public static string Cardinal(int value) => Cardinal(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static string Each(string digits) => NumberWords.SpellEach(Values(digits));

    /// <summary>Twenty-one is twenty-first.</summary>
    public static string Ordinal(string digits)
    {
        var words = Cardinal(digits);
        var start = words.AsSpan().LastIndexOfAny(' ', '-') + 1;
        var last = words[start..];
        var ordinal = Ordinals.TryGetValue(last, out var irregular) ? irregular
            : last.EndsWith('y') ? last[..^1] + "ieth"
            : last + "th";
        return words[..start] + ordinal;
    }

    public static string Ordinal(int value) => Ordinal(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>1984 is nineteen eighty-four, 2005 two thousand and five.</summary>
    public static string Year(string digits) =>
        digits.Length == 4 && digits[0] != '0' && !digits.StartsWith("200", StringComparison.Ordinal) ? Pairs(digits) : Cardinal(digits);

    /// <summary>Three or four digits as numbers of rooms and models are said: 302 three oh two, 4090 forty ninety.</summary>
    public static string Pairs(string digits)
    {
        var (high, low) = (digits[..^2], digits[^2..]);
        if (high.All(digit => digit == '0') || high[0] == '0')
        {
            return Each(digits);
        }

        return low switch
        {
            "00" => digits.Length == 4 && digits[1] == '0' ? Cardinal(digits) : Cardinal(high) + " hundred",
            ['0', _] => $"{Cardinal(high)} oh {Cardinal(low)}",
            _ => $"{Cardinal(high)} {Cardinal(low)}",
        };
    }

    /// <summary>Eighty is eighties, nineteen ninety nineteen nineties.</summary>
    public static string Decade(string digits)
    {
        var words = digits.Length == 4 ? Year(digits) : Cardinal(digits);
        return words.EndsWith('y') ? words[..^1] + "ies" : words + "s";
    }

    private static int[] Values(string digits) => [.. digits.Select(digit => digit - '0')];
}
