using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Signs between and before numbers and words: what they are called, or nothing where nobody says them.</summary>
internal sealed class ChineseSignRule : IReadingRule
{
    private const string TimeWords = "一二三四五六七八九十日月周号年末初点时分早晚午";
    private static readonly string[] Models = ["歼", "运", "轰", "直", "强", "东风", "长征", "神舟", "嫦娥", "天宫", "图", "米格", "苏", "红旗", "鹰击", "枭龙"];

    private static readonly (string Written, string Said)[] Always =
    [
        (">=", "大于等于"), ("<=", "小于等于"), ("!=", "不等于"), ("==", "等于"), ("->", "到"), ("=>", "到"), ("≥", "大于等于"), ("≤", "小于等于"), ("≠", "不等于"),
        ("≈", "约等于"), ("±", "正负"), ("÷", "除以"), ("√", "根号"), ("∞", "无穷大"), ("→", "到"), ("=", "等于"), ("＝", "等于"), ("&", "和"), ("＆", "和"), ("∵", "因为"), ("∴", "所以"),
        ("©", ""), ("®", ""), ("™", ""), ("π", "派"), ("α", "阿尔法"), ("β", "贝塔"), ("γ", "伽马"), ("δ", "德尔塔"), ("Δ", "德尔塔"), ("θ", "西塔"), ("λ", "兰姆达"),
        ("μ", "缪"), ("σ", "西格玛"), ("Σ", "西格玛"), ("ω", "欧米伽"), ("Ω", "欧姆"), ("²", "的平方"), ("³", "的三次方"), ("%", "百分号"), ("×", "乘"),
    ];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        var before = spoken.Length;
        var length = Sign(passage, at, spoken);
        if (length == 0 || spoken.Length == before)
        {
            return length;
        }

        // No blanks around what is now a word.
        while (before > 0 && spoken[before - 1] == ' ' && spoken[before] != ' ')
        {
            spoken.Remove(--before, 1);
        }

        return passage.SkipBlanks(at + length) - at;
    }

    private static int Sign(Passage passage, int at, StringBuilder spoken)
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
            '-' or '−' or '－' or '‐' or '‑' or '–' or '—' or '~' or '～' => Dash(passage, at, spoken),
            '/' or '／' => Slash(passage, at, spoken),
            '*' or 'x' or 'X' when IsBetweenNumbers(passage, at) => Say("乘", 1, spoken),
            '<' when IsBetweenTerms(passage, at) => Say("小于", 1, spoken),
            '>' when IsBetweenTerms(passage, at) => Say("大于", 1, spoken),
            '#' or '＃' => Number(passage, at, spoken),
            '@' or '＠' => Say(char.IsLetterOrDigit(passage[at + 1]) ? "艾特" : "", 1, spoken),
            '^' => Power(passage, at, spoken),
            '·' when passage.IsDigit(at - 1) && passage.IsDigit(at + 1) => Say("", 1, spoken),
            '.' when WebAddressRule.IsEnding(passage, at) => Say("点", 1, spoken),
            >= '₀' and <= '₉' => Say(ChineseNumerals.Each(((char)('0' + passage[at] - '₀')).ToString()), 1, spoken),
            '⁻' or '⁰' or '¹' or (>= '⁴' and <= '⁹') => Superscripts(passage, at, spoken),
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

    private static int Dash(Passage passage, int at, StringBuilder spoken)
    {
        var end = at + 1;
        while (passage.IsDash(end))
        {
            end++;
        }

        var (before, after) = (passage.SkipBlanksBack(at), passage.SkipBlanks(end));
        var isBlank = before < at || after > end;
        var isNumberNext = passage.IsDigit(after) || passage[after] is '¥' or '￥' or '$' or '€' or '£' || (passage.IsMinus(after - 1) && end - at > 1 && passage.IsDigit(end));
        if (isNumberNext && IsNumberBefore(passage, before))
        {
            var isNegative = end - at == 2 && passage.IsMinus(at + 1) && passage[at] is '~' or '～' or '—';
            return Say("到", isNegative ? 1 : after - at, spoken);
        }

        if (end - at == 1 && passage.IsDigit(end))
        {
            return NumberBehind(passage, at, spoken);
        }

        var isSeries = passage.IsDigit(at - 1) && passage.IsLatin(at - 2) && passage[at - 2] == passage[end] && passage.IsDigit(end + 1); // Q1-Q3
        if (isSeries)
        {
            return Say("到", 1, spoken);
        }

        if (passage.IsLatin(at - 1) && passage.IsLatin(end))
        {
            return 0; // K-pop
        }

        var isTime = TimeWords.Contains(passage[before - 1]) && (passage[after] is '周' or '星' || TimeWords.Contains(passage[after]));
        var isCute = passage[at] is '~' or '～' && !isBlank && !char.IsLetterOrDigit(passage[after]);
        spoken.Append(isTime ? "到" : isCute ? "" : "，");
        return after - at;
    }

    /// <summary>A sign in front of a number: negative, about, or the hyphen of a name as in AK-47.</summary>
    private static int NumberBehind(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] is '~' or '～')
        {
            return Say(passage[at - 1] == '约' ? "" : "约", 1, spoken);
        }

        if (passage[at] is '—' or '–')
        {
            return Say("，", 1, spoken);
        }

        var isName = passage.IsLatin(at - 1) || passage.IsDigit(at - 1) || Models.Any(model => passage.Before(at, model.Length).SequenceEqual(model));
        return Say(isName ? "" : "负", 1, spoken);
    }

    /// <summary>Whether a number, or one with a unit of up to three characters, ends in front of a position.</summary>
    private static bool IsNumberBefore(Passage passage, int at)
    {
        for (var back = 1; back <= 4; back++)
        {
            if (passage.IsDigit(at - back))
            {
                return !IsModel(passage, at - back);
            }

            if (!passage.IsIdeograph(at - back) && !passage.IsLatin(at - back) && passage[at - back] is not ('%' or '℃' or '°' or '‰' or '²' or '³' or '/'))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether the digits that end here hang on a letter, as in i7.</summary>
    private static bool IsModel(Passage passage, int at)
    {
        var start = at;
        while (passage.IsDigit(start - 1) && at - start < 12)
        {
            start--;
        }

        return passage.IsLatin(start - 1);
    }

    private static int Slash(Passage passage, int at, StringBuilder spoken)
    {
        var isPrice = passage[at - 1] is '元' or '块' or '次' or '人' or '度' or '吨' or '米' or '克' or '升' && IsNumberBefore(passage, at);
        if (isPrice && ChineseUnits.At(passage, at + 1) is var (unit, unitEnd))
        {
            return Say("每" + unit, unitEnd - at, spoken); // 人/km²
        }

        if (isPrice && passage.IsIdeograph(at + 1))
        {
            return Say("每", 1, spoken);
        }

        if (passage.Has(at - 1, "和/或"))
        {
            return Say("", 1, spoken);
        }

        if (passage.IsLatin(at - 1) && passage[at + 1] == 's' && !passage.IsLatin(at + 2))
        {
            return Say("每秒", 2, spoken); // MB/s
        }

        if (passage[at - 1] == 'P' && passage.IsDigit(at + 1))
        {
            return Say("", 1, spoken); // HTTP/2
        }

        return char.IsLetterOrDigit(passage[at - 1]) && char.IsLetterOrDigit(passage[at + 1])
            ? Say(passage.IsLatin(at - 1) && passage.IsLatin(at + 1) ? " " : "、", 1, spoken)
            : Say("", 1, spoken);
    }

    private static bool IsBetweenNumbers(Passage passage, int at) =>
        passage.IsDigit(passage.SkipBlanksBack(at) - 1) && passage.IsDigit(passage.SkipBlanks(at + 1));

    private static bool IsBetweenTerms(Passage passage, int at) =>
        char.IsLetterOrDigit(passage[passage.SkipBlanksBack(at) - 1]) && (char.IsLetterOrDigit(passage[passage.SkipBlanks(at + 1)]) || passage[at + 1] == '-');

    private static int Number(Passage passage, int at, StringBuilder spoken)
    {
        if (passage.IsDigit(at + 1) && Numeral.At(passage, at + 1) is { IsWhole: true } number)
        {
            spoken.Append(ChineseNumerals.Number(number)).Append('号');
            return number.End - at;
        }

        return passage[at - 1] is 'C' or 'F' && !passage.IsLatin(at - 2) && passage[at] == '#' ? Say(" sharp", 1, spoken) : Say("", 1, spoken); // C#
    }

    /// <summary>10⁻⁹ is 十的负九次方; a unit may follow.</summary>
    private static int Superscripts(Passage passage, int at, StringBuilder spoken)
    {
        var digits = new StringBuilder();
        var end = at + (passage[at] == '⁻' ? 1 : 0);
        for (; passage[end] is '¹' or '²' or '³' or '⁰' or (>= '⁴' and <= '⁹'); end++)
        {
            digits.Append(passage[end] switch { '¹' => '1', '²' => '2', '³' => '3', var high => (char)('0' + high - '⁰') });
        }

        if (digits.Length == 0)
        {
            return 0;
        }

        spoken.Append(passage[at] == '⁻' ? "的负" : "的").Append(ChineseNumerals.Cardinal(digits.ToString())).Append("次方");
        if (passage.IsDigit(at - 1) && ChineseUnits.At(passage, end) is var (name, unitEnd))
        {
            spoken.Append(name);
            return unitEnd - at;
        }

        return end - at;
    }

    private static int Power(Passage passage, int at, StringBuilder spoken)
    {
        var isNegative = passage.IsMinus(at + 1);
        if (Numeral.At(passage, isNegative ? at + 2 : at + 1) is not { IsWhole: true } power)
        {
            return 0;
        }

        spoken.Append(isNegative ? "的负" : "的").Append(ChineseNumerals.Number(power)).Append("次方");
        return power.End - at;
    }
}
