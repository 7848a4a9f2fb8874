namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Words near a number that say what kind it is.</summary>
internal static class ChineseCues
{
    private static readonly string[] DigitString =
    [
        "电话", "手机", "号码", "热线", "拨打", "致电", "请拨", "传真", "尾号", "验证码", "密码", "订单", "单号", "编号", "账号", "帐号", "卡号", "分机", "房间号", "房号",
        "QQ", "微信", "邮编", "邮政编码", "学号", "工号", "车牌", "身份证", "证号", "代码", "航班", "短信", "序列号", "编码", "客服", "联系方式", "热线电话", "总机", "群",
        "门牌", "发送到", "口令", "暗号", "呼叫", "报警", "车次", "考号", "座机", "端口", "警号", "提取码", "邀请码", "Tel", "tel", "ID", "id", "工号末尾",
    ];

    private static readonly string[] Score =
    [
        "比分", "比例", "比率", "配比", "比为", "之比", "比是", "首局", "次局", "末局", "终局", "战平", "打平", "总分", "宽高比", "赔率",
    ];

    private static readonly string[] ScoreVerbs = ["战胜", "获胜", "取胜", "击败", "险胜", "大胜", "完胜", "领先", "落后", "逼平", "战平", "力克", "不敌", "负于",
        "胜", "惜败", "告负", "淘汰", "横扫"];

    private static readonly string[] Duration = ["时长", "用时", "耗时", "片长", "总长", "成绩", "历时", "长度"];

    /// <summary>Whether the number at a position follows a word such as 验证码, with at most a few words like 是 between.</summary>
    public static bool IsDigitString(Passage passage, int at) => IsNear(passage.Before(at, 10), DigitString, "是为：: 号的请码到发至，打");

    public static bool IsScore(Passage passage, int start, int end) =>
        HasAny(passage.Before(start, 8), Score) || HasAny(passage.After(end, 4), ScoreVerbs) || passage[start - 1] == '以'
        || passage.After(end, 3).StartsWith("的比") || HasAny(passage.Before(start, 3), ScoreVerbs);

    public static bool IsDuration(Passage passage, int at) => HasAny(passage.Before(at, 6), Duration);

    /// <summary>Whether a number, or one with a unit of up to three characters, ends in front of a position.</summary>
    public static bool IsNumberBefore(Passage passage, int at)
    {
        if (passage.HasIgnoringCase(at - 2, "AM") || passage.HasIgnoringCase(at - 2, "PM"))
        {
            return true;
        }

        for (var back = 1; back <= 4; back++)
        {
            if (passage.IsDigit(at - back))
            {
                return !passage.HangsOnLetter(at - back);
            }

            if (!passage.IsIdeograph(at - back) && !passage.IsLatin(at - back)
                && passage[at - back] is not ('%' or '℃' or '°' or '‰' or '²' or '³' or '/'))
            {
                return false;
            }
        }

        return false;
    }

    public static bool HasAny(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.IndexOf(word, StringComparison.Ordinal) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a text ends in one of the words, and then nothing but some characters.</summary>
    private static bool IsNear(ReadOnlySpan<char> text, string[] words, string between)
    {
        foreach (var word in words)
        {
            var at = text.LastIndexOf(word, StringComparison.Ordinal);
            if (at >= 0 && !text[(at + word.Length)..].ContainsAnyExcept(between))
            {
                return true;
            }
        }

        return false;
    }
}
