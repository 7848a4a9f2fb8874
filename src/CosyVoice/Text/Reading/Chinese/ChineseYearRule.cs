using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>
/// Years are said digit by digit: 2024年, 2010-2020年, 08年, 公元前221年, 80后; numbers of years are not: 10年, 近2000年.
/// </summary>
internal sealed class ChineseYearRule : IReadingRule
{
    private static readonly string[] Counted = ["近", "约", "超", "过", "达", "距今", "历时", "共", "整", "了", "用", "满", "于", "经", "前后", "有", "这"];
    private static readonly string[] Editions = ["学年", "财年", "年度", "届", "级", "款", "赛季", "奥运", "世界杯", "春季", "秋季", "考研", "高考"];
    private static readonly string[] Spans = ["前", "历史", "以前", "之久", "间", "来", "时间", "后"];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || passage[at - 1] is '.' or '/' || passage.IsLatin(at - 1))
        {
            return 0;
        }

        var end = passage.DigitsEnd(at);
        return (end - at) switch
        {
            4 => FourDigits(passage, at, end, spoken),
            3 or 2 => FewDigits(passage, at, end, spoken),
            _ => 0,
        };
    }

    private static int FourDigits(Passage passage, int at, int end, StringBuilder spoken)
    {
        var unit = passage.SkipBlanks(end);
        var isSeason = passage[end] == '/' && passage.DigitsEnd(end + 1) == end + 3 && passage[end + 3] is '赛' or '学' or '财' or '年';
        var isYear = (passage[unit] == '年' && !IsCount(passage, at, unit)) || IsEdition(passage, at, unit);
        if (isSeason || isYear || IsRangeOfYears(passage, at, end) || IsBare(passage, at, end))
        {
            spoken.Append(ChineseNumerals.Each(passage.Slice(at, end)));
            if (isSeason)
            {
                spoken.Append('到').Append(ChineseNumerals.Each(passage.Slice(end + 1, end + 3)));
                end += 3;
            }

            return (isYear ? unit : end) - at;
        }

        return 0;
    }

    /// <summary>2023学年, 2024届, 2020款.</summary>
    private static bool IsEdition(Passage passage, int at, int unit) =>
        passage[at] is '1' or '2' && passage[at + 1] is '9' or '0' && StartsWithAny(passage.After(unit, 3), Editions);

    /// <summary>5000年 and 近2000年 are spans of time, 2008年 and 2000年以后 are not.</summary>
    private static bool IsCount(Passage passage, int at, int unit)
    {
        var value = Numeral.At(passage, at)!.Value.Value;
        if (value > 2200 || value % 1000 == 0 && value != 2000)
        {
            return true;
        }

        if (value % 100 != 0)
        {
            return false;
        }

        var before = passage.Before(at, 2);
        var hasCue = ChineseCues.HasAny(before, ["近", "约", "距今", "超", "过", "达", "有", "了"]);
        var after = passage.After(unit + 1, 3);
        return hasCue || after.StartsWith("历史") || after.StartsWith("的历史") || after.StartsWith("之久")
            || (value != 2000 && after.StartsWith("前"));
    }

    /// <summary>2010-2020年 or, in brackets or at an end, 1881-1936.</summary>
    private static bool IsRangeOfYears(Passage passage, int at, int end)
    {
        var next = end + 1;
        next += passage.IsDash(next) ? 1 : 0;
        var isRange = (passage.IsDash(end) || passage[end] is '至' or '到') && passage.DigitsEnd(next) == next + 4;
        if (isRange)
        {
            var (first, last) = (passage.Slice(at, end), passage.Slice(next, next + 4));
            return IsLikely(first) && IsLikely(last) && string.CompareOrdinal(first, last) < 0
                && (passage[next + 4] is '年' or '）' or ')' or '\0' || IsEdition(passage, next, next + 4));
        }

        // The second year of such a range.
        return passage[end] is '）' or ')' or '\0' && passage.IsDash(at - 1) && passage.IsDigit(at - 2) && passage.IsDigit(at - 5)
            && IsLikely(passage.Slice(at, end)) && IsLikely(passage.Slice(at - 5, at - 1));
    }

    /// <summary>A year behind a name, as in Excel 2016, or behind a sign of copyright.</summary>
    private static bool IsBare(Passage passage, int at, int end) =>
        passage[at - 1] == '©'
            || (passage[at - 1] is '〔' or '（' or '(' or '[' && passage[end] is '〕' or '）' or ')' or ']'
            && IsLikely(passage.Slice(at, end)))
            || (passage[at - 1] == ' ' && passage.IsLatin(at - 2) && char.IsAsciiLetterLower(passage[at - 2])
        && IsLikely(passage.Slice(at, end)) && passage[end] is not ('.' or ',' or '元' or '个' or '万')
        && !ChineseMeasures.IsAt(passage, end));

    private static bool IsLikely(string year) => string.CompareOrdinal(year, "1000") >= 0 && string.CompareOrdinal(year, "2200") < 0;

    private static int FewDigits(Passage passage, int at, int end, StringBuilder spoken)
    {
        var isGeneration = end - at == 2 && passage[end] == '后' && (passage[at + 1] is '0' or '5');
        var isListed = end - at == 2 && passage[at + 1] is '0' or '5' && passage[end] == '、' && passage.IsDigit(end + 1)
            && passage.DigitsEnd(end + 1) == end + 3 && passage[end + 3] == '后';
        var isYear = passage[end] == '年'
            && (passage[at] == '0' || IsShortYear(passage, at, end) || passage.Before(at, 3).IndexOf("公元") >= 0);
        isYear |= passage[at - 1] is '（' or '(' && end - at == 3 && (passage.IsDash(end) && (passage.DigitsEnd(end + 1) - end) is 4 or 5);
        if (!isGeneration && !isListed && !isYear && !IsLastOfDynasty(passage, at, end))
        {
            return 0;
        }

        spoken.Append(ChineseNumerals.Each(passage.Slice(at, end)));
        return end - at;
    }

    /// <summary>The 907 of （618—907年）.</summary>
    private static bool IsLastOfDynasty(Passage passage, int at, int end) =>
        end - at == 3 && passage.IsDash(at - 1) && passage.DigitsEnd(at - 4) == at - 1 && passage[at - 5] is '（' or '('
            && passage[end] is '年' or '）' or ')';

    /// <summary>98年 is a year unless it is counted (共98年) or round.</summary>
    private static bool IsShortYear(Passage passage, int at, int end) =>
        end - at == 2 && passage[at] is '8' or '9' && passage[at + 1] != '0'
        && !ChineseCues.HasAny(passage.Before(at, 2), Counted) && !StartsWithAny(passage.After(end + 1, 2), Spans);

    private static bool StartsWithAny(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
