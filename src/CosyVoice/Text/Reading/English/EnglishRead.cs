namespace CosyVoice.Text.Reading.English;

/// <summary>How English says what is written in digits, signs and abbreviations.</summary>
internal static class EnglishRead
{
    private static readonly WebWords Web = new(
        new Dictionary<char, string>
        {
            ['.'] = "dot", ['/'] = "slash", ['@'] = "at", ['-'] = "dash", ['_'] = "underscore", [':'] = "colon", ['?'] = "question mark",
            ['&'] = "and",
            ['='] = "equals", ['#'] = "hash", ['%'] = "percent", ['+'] = "plus", ['~'] = "tilde", ['!'] = "exclamation mark",
            ['*'] = "star", ['$'] = "dollar",
            [';'] = "semicolon",
        },
        digits => digits.Length <= 2 && digits[0] != '0' ? EnglishNumerals.Cardinal(digits) : EnglishNumerals.Each(digits),
        " ");

    /// <summary>In the order in which they are asked: whoever knows more of what surrounds a number comes first.</summary>
    private static readonly RuleReader Reader = new(
    [
        new WebAddressRule(Web),
        new EnglishDateRule(),
        new EnglishMonthRule(),
        new EnglishPhoneRule(),
        new EnglishDottedRule(),
        new EnglishClockRule(),
        new EnglishRatioRule(),
        new EnglishMoneyRule(),
        new EnglishHeightRule(),
        new EnglishFractionRule(),
        new EnglishDecadeRule(),
        new EnglishDigitStringRule(),
        new EnglishYearRule(),
        new EnglishOrdinalRule(),
        new EnglishRomanRule(),
        new EnglishAbbreviationRule(),
        new EnglishInitialsRule(),
        new EnglishDashRule(),
        new EnglishPowerRule(),
        new EnglishSignRule(),
        new EnglishQuantityRule(),
    ]);

    public static string Read(string text) => EnglishTidy.Tidy(Reader.Read(text));
}
