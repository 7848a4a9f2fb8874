using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>¥9.90 and 9.90元 are 九点九元; signs and codes of currencies before or behind a number.</summary>
internal sealed class ChineseMoneyRule : IReadingRule
{
    private static readonly (string Written, string Word)[] Currencies =
    [
        ("US$", "美元"), ("HK$", "港元"), ("NT$", "新台币"), ("A$", "澳元"), ("C$", "加元"), ("S$", "新加坡元"), ("JP¥", "日元"), ("CN¥", "元"), ("RMB", "元"),
        ("CNY", "元"), ("USD", "美元"), ("HKD", "港元"), ("EUR", "欧元"), ("GBP", "英镑"), ("JPY", "日元"), ("KRW", "韩元"), ("¥", "元"), ("￥", "元"),
        ("$", "美元"), ("＄", "美元"), ("€", "欧元"), ("£", "英镑"), ("₩", "韩元"), ("₽", "卢布"), ("₹", "卢比"), ("฿", "泰铢"),
    ];

    private static readonly string[] Scales = ["万亿", "千万", "百万", "亿", "万", "千", "百"];
    /// <summary>English scales, and how many places the point moves to the right for the Chinese one.</summary>
    private static readonly (string Written, string Word, int Places)[] EnglishScales =
    [
        (" million", "万", 2), (" billion", "亿", 1), (" trillion", "万亿", 0), ("K", "千", 0), ("k", "千", 0), ("M", "万", 2), ("B", "亿", 1),
        ("T", "万亿", 0),
    ];

    private static readonly string[] Units = ["元", "块", "美元", "欧元", "英镑", "港元", "日元", "角", "美金", "港币", "人民币"];

    public int Read(Passage passage, int at, StringBuilder spoken) =>
        passage.IsDigit(at) ? AmountFirst(passage, at, spoken) : passage.IsDigit(at - 1) ? 0 : SignFirst(passage, at, spoken);

    private static int SignFirst(Passage passage, int at, StringBuilder spoken)
    {
        if (Currency(passage, at) is not var (written, word) || (char.IsAsciiLetter(written[0]) && passage.IsLatin(at - 1)))
        {
            return 0;
        }

        var start = passage.SkipBlanks(at + written.Length);
        var isNegative = passage.IsMinus(start);
        if (Numeral.At(passage, start + (isNegative ? 1 : 0)) is not { } number)
        {
            return 0;
        }

        spoken.Append(isNegative ? "负" : "");
        var end = Amount(passage, number, word, spoken);
        end = passage.SkipBlanks(end);
        var unit = Units.FirstOrDefault(unit => passage.Has(end, unit));
        spoken.Append(word);
        end = unit == word ? end + unit.Length : passage.SkipBlanksBack(end);
        if (passage[end] == '/' && passage.IsIdeograph(end + 1))
        {
            spoken.Append('每');
            end++;
        }

        return end - at;
    }

    private static int AmountFirst(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsStart(at) || Numeral.At(passage, at) is not { } number)
        {
            return 0;
        }

        var unit = passage.SkipBlanks(number.End);
        if (Currency(passage, unit) is var (written, word) && !passage.IsLatin(unit + written.Length)
            && !passage.IsDigit(unit + written.Length))
        {
            Amount(passage, number, word, spoken);
            spoken.Append(word);
            return unit + written.Length - at;
        }

        if (!number.IsWhole && Units.Any(name => passage.Has(number.End, name)))
        {
            spoken.Append(ChineseNumerals.Amount(number));
            return number.End - at;
        }

        return 0;
    }

    /// <summary>A number with a scale behind it, 1.5亿; the position behind both.</summary>
    private static int Amount(Passage passage, Numeral number, string unit, StringBuilder spoken)
    {
        var scaleAt = passage.SkipBlanks(number.End);
        if (Scales.FirstOrDefault(scale => passage.Has(scaleAt, scale)) is { } scale)
        {
            spoken.Append(number.IsTwo ? "两" : ChineseNumerals.Amount(number)).Append(scale);
            return scaleAt + scale.Length;
        }

        foreach (var (written, word, places) in EnglishScales)
        {
            if (passage.Has(number.End, written) && !passage.IsLatin(number.End + written.Length))
            {
                var moved = Moved(number, places);
                spoken.Append(moved.IsTwo ? "两" : ChineseNumerals.Amount(moved)).Append(word);
                return number.End + written.Length;
            }
        }

        spoken.Append(number.IsTwo && unit.EndsWith('元') ? "两" : ChineseNumerals.Amount(number));
        return number.End;
    }

    private static Numeral Moved(Numeral number, int places)
    {
        var fraction = number.Fraction.PadRight(places, '0');
        return number with { Whole = number.Whole + fraction[..places], Fraction = fraction[places..].TrimEnd('0') };
    }

    private static (string Written, string Word)? Currency(Passage passage, int at)
    {
        foreach (var currency in Currencies)
        {
            if (passage.Has(at, currency.Written))
            {
                return currency;
            }
        }

        return null;
    }
}
