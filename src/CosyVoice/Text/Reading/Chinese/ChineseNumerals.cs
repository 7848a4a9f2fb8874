using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Chinese words of numbers.</summary>
internal static class ChineseNumerals
{
    /// <summary>Longer whole numbers are said digit by digit.</summary>
    public const int MaxDigits = 16;

    private const string DigitNames = "零一二三四五六七八九";
    private static readonly string[] Places = ["", "十", "百", "千"];
    private static readonly string[] Scales = ["", "万", "亿", "万亿"];

    /// <summary>A number as written, 3.14 as 三点一四.</summary>
    public static string Number(Numeral number) => Cardinal(number.Whole) + (number.IsWhole ? "" : "点" + Each(number.Fraction));

    /// <summary>As <see cref="Number"/>, without zeros that end the fraction, as amounts of money are said.</summary>
    public static string Amount(Numeral number) => Number(number with { Fraction = number.Fraction.TrimEnd('0') });

    /// <summary>Digit by digit, as years are said.</summary>
    public static string Each(string digits) => string.Create(digits.Length, digits, (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = DigitNames[source[i] - '0'];
        }
    });

    /// <summary>Digit by digit, with 幺 for one, as telephone numbers are said.</summary>
    public static string EachOnPhone(string digits) => Each(digits).Replace('一', '幺');

    /// <summary>12010 is 一万二千零一十; two thousands and more are 两.</summary>
    public static string Cardinal(string digits)
    {
        digits = digits.TrimStart('0');
        if (digits.Length > MaxDigits)
        {
            return Each(digits);
        }

        if (digits.Length == 0)
        {
            return "零";
        }

        var words = new StringBuilder();
        var isGap = false;
        for (var scale = (digits.Length - 1) / 4; scale >= 0; scale--)
        {
            var end = digits.Length - (4 * scale);
            var group = digits[Math.Max(0, end - 4)..end];
            var value = int.Parse(group, System.Globalization.CultureInfo.InvariantCulture);
            if (value == 0)
            {
                isGap = true;
                continue;
            }

            if (words.Length > 0 && (isGap || value < 1000))
            {
                words.Append('零');
            }

            AppendGroup(words, group.TrimStart('0'), scale);
            isGap = false;
        }

        return words.ToString();
    }

    private static void AppendGroup(StringBuilder words, string group, int scale)
    {
        var isFirst = words.Length == 0;
        var isGap = false;
        for (var i = 0; i < group.Length; i++)
        {
            var place = group.Length - 1 - i;
            if (group[i] == '0')
            {
                isGap = true;
                continue;
            }

            words.Append(isGap ? "零" : "");
            isGap = false;
            if (group[i] != '1' || place != 1 || i > 0 || !isFirst)
            {
                words.Append(IsLiang(group, place, scale) ? '两' : DigitNames[group[i] - '0']);
            }

            words.Append(Places[place]);
        }

        words.Append(Scales[scale]);
    }

    private static bool IsLiang(string group, int place, int scale) =>
        group[group.Length - 1 - place] == '2' && place switch
        {
            3 => true,
            2 => group == "200",
            0 => scale > 0 && group == "2",
            _ => false,
        };
}
