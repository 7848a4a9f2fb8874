using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Signs between and before numbers and words: what they are called, or nothing where nobody says them.</summary>
internal sealed class ChineseSignRule : IReadingRule
{
    private static readonly (string Written, string Said)[] Always =
    [
        (">=", "大于等于"), ("<=", "小于等于"), ("!=", "不等于"), ("==", "等于"), ("->", "到"), ("=>", "到"), ("≥", "大于等于"), ("≤", "小于等于"), ("≠", "不等于"),
        ("≈", "约等于"), ("±", "正负"), ("÷", "除以"), ("√", "根号"), ("∞", "无穷大"), ("→", "到"), ("=", "等于"), ("＝", "等于"), ("&", "和"), ("＆", "和"),
        ("∵", "因为"), ("∴", "所以"),
        ("©", ""), ("®", ""), ("™", ""), ("π", "派"), ("α", "阿尔法"), ("β", "贝塔"), ("γ", "伽马"), ("δ", "德尔塔"), ("Δ", "德尔塔"), ("θ", "西塔"),
        ("λ", "兰姆达"),
        ("μ", "缪"), ("σ", "西格玛"), ("Σ", "西格玛"), ("ω", "欧米伽"), ("Ω", "欧姆"), ("%", "百分号"), ("×", "乘"),
    ];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        foreach (var (written, said) in Always)
        {
            if (passage.Has(at, written))
            {
                spoken.Append(said);
                return written.Length;
            }
        }

        return passage[at] switch
        {
            '+' or '＋' => Say(Plus(passage, at), 1, spoken),
            '*' or 'x' or 'X' when IsBetweenNumbers(passage, at) => Say("乘", 1, spoken),
            '<' when IsBetweenTerms(passage, at) => Say("小于", 1, spoken),
            '>' when IsBetweenTerms(passage, at) => Say("大于", 1, spoken),
            '#' or '＃' => Number(passage, at, spoken),
            '@' or '＠' => Say(char.IsLetterOrDigit(passage[at + 1]) ? "艾特" : "", 1, spoken),
            '·' when passage.IsDigit(at - 1) && passage.IsDigit(at + 1) => Say("", 1, spoken),
            '.' when WebAddressRule.IsEnding(passage, at) => Say("点", 1, spoken),
            >= '₀' and <= '₉' => Say(ChineseNumerals.Each(((char)('0' + passage[at] - '₀')).ToString()), 1, spoken),
            '<' when passage.IsDigit(at + 1) => Say("小于", 1, spoken),
            '>' when passage.IsDigit(at + 1) => Say("大于", 1, spoken),
            _ => 0,
        };
    }

    private static int Say(string words, int length, StringBuilder spoken)
    {
        spoken.Append(words);
        return length;
    }

    private static string Plus(Passage passage, int at)
    {
        var before = passage[passage.SkipBlanksBack(at) - 1];
        var isSign = Numeral.At(passage, at + 1) is { } number && before is not (')' or '）')
            && (!char.IsLetterOrDigit(before) || (Passage.IsIdeograph(before) && passage[number.End] is '%' or '℃' or '°'));
        var isMore = passage[at - 1] == '0' && ChineseMeasures.IsAt(passage, at + 1);
        return isSign ? "正" : isMore ? "多" : "加";
    }

    private static bool IsBetweenNumbers(Passage passage, int at) =>
        passage.IsDigit(passage.SkipBlanksBack(at) - 1) && passage.IsDigit(passage.SkipBlanks(at + 1));

    private static bool IsBetweenTerms(Passage passage, int at) =>
        char.IsLetterOrDigit(passage[passage.SkipBlanksBack(at) - 1])
            && (char.IsLetterOrDigit(passage[passage.SkipBlanks(at + 1)]) || passage[at + 1] == '-');

    private static int Number(Passage passage, int at, StringBuilder spoken)
    {
        if (passage.IsDigit(at + 1) && Numeral.At(passage, at + 1) is { IsWhole: true } number)
        {
            spoken.Append(ChineseNumerals.Number(number)).Append('号');
            return number.End - at;
        }

        return passage[at - 1] is 'C' or 'F' && !passage.IsLatin(at - 2) && passage[at] == '#' ? Say(" sharp", 1, spoken)
            : Say("", 1, spoken); // C#
    }
}
