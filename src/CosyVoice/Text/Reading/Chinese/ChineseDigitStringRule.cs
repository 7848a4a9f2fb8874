using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>
/// Numbers that name and do not count, said digit by digit: behind a word such as 验证码, before one such as 室, with a zero in
/// front, too long to be a count, or by custom (985高校).
/// </summary>
internal sealed class ChineseDigitStringRule : IReadingRule
{
    private const int LongerThanCounts = 9;
    private const string Provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

    private static readonly string[] Events = ["汶川", "地震", "事件", "事变", "惨案", "运动", "大火", "空难", "恐怖", "晚会", "消费者", "袭击"];

    private static readonly string[] Places = ["室", "房", "国道", "省道", "号房", "包间", "包厢", "教室", "会议室", "办公室", "病房", "宿舍", "次列车", "次高铁",
        "航班", "路公交"];

    private static readonly (string Number, string[] Next)[] Customs =
    [
        ("985", ["高校", "大学", "院校", "工程", "和", "、", "毕业"]), ("211", ["高校", "大学", "院校", "工程", "毕业"]), ("996", ["工作", "福报", "加班", "模式", "制"]),
        ("315", ["晚会", "曝光", "打假"]), ("618", ["购物", "大促", "活动", "促销"]), ("520", ["表白", "快乐", "情人"]),
        ("12306", ["网", "购票", "APP", "官", "客服"]),
        ("12345", ["热线", "市民", "政务"]), ("12315", ["热线", "投诉", "举报"]), ("10086", ["客服", "营业"]), ("404", ["页面", "错误", "报错"]),
        ("110", ["报警", "民警", "指挥"]), ("119", ["火警", "消防"]), ("120", ["急救", "救护"]),
    ];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || passage[at - 1] is '.' or ',')
        {
            return 0;
        }

        var end = passage.DigitsEnd(at);
        if ((passage[end] == '.' && passage.IsDigit(end + 1) && Anniversary(passage, at, end) == 0)
            || (passage[end] == ',' && Numeral.At(passage, at) is { IsGrouped: true }))
        {
            return 0;
        }

        if (Anniversary(passage, at, end) is > 0 and var last)
        {
            spoken.Append(ChineseNumerals.Each(passage.Slice(at, end))).Append(ChineseNumerals.Each(passage.Slice(end + 1, last)));
            return last - at;
        }

        var hasCue = end - at >= 3 && ChineseCues.IsDigitString(passage, at) && !IsCounted(passage, end);
        if (!hasCue && !IsName(passage, at, end))
        {
            return 0;
        }

        spoken.Append(ChineseNumerals.EachOnPhone(passage.Slice(at, end)));
        while (hasCue && passage[end] is ' ' or '-' && passage.IsDigit(end + 1))
        {
            var start = end + 1;
            end = passage.DigitsEnd(start);
            spoken.Append('，').Append(ChineseNumerals.EachOnPhone(passage.Slice(start, end)));
        }

        return end - at;
    }

    /// <summary>The end of a day that an event is named for, 9·11 or 5.12汶川地震; 0 for anything else.</summary>
    private static int Anniversary(Passage passage, int at, int end)
    {
        var last = passage.DigitsEnd(end + 1);
        var isPair = end - at <= 2 && last - end is 2 or 3;
        return isPair
            && (passage[end] == '·'
            || (passage[end] == '.' && Events.Any(name => passage.Has(last, name) || passage.Has(last + 1, name)))) ? last : 0;
    }

    private static bool IsName(Passage passage, int at, int end)
    {
        var length = end - at;
        return (passage[at] == '0' && length > 1)
            || (length is 3 or 4 && Places.Any(place => passage.Has(end, place)))
            || (length >= 3 && passage[at - 1] == '转' && passage.IsDigit(at - 2)) // an extension
            || (length is 3 or 4 && passage[at - 1] is '层' or '栋' or '座' or '幢' && !IsCounted(passage, end))
            || (length == 5 && passage.IsLatin(at - 1) && Provinces.Contains(passage[at - 2]))
            || (length >= LongerThanCounts && !IsCounted(passage, end)
            && !passage.Slice(at, end).EndsWith("0000", StringComparison.Ordinal))
            || length > ChineseNumerals.MaxDigits
            || (passage[at - 1] == '打' && passage.Slice(at, end) is "110" or "119" or "120" or "122" or "114")
            || Customs.Any(custom => passage.Slice(at, end) == custom.Number && custom.Next.Any(next => passage.Has(end, next)));
    }

    private static bool IsCounted(Passage passage, int end) =>
        ChineseUnits.At(passage, end) is not null
            || (ChineseMeasures.IsAt(passage, end) && passage[end] is not ('号' or '的' or '队' or '会' or '等' or '大' or '小'));
}
