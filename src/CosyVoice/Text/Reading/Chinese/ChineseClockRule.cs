using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>8:05 is 八点零五分, 6:00PM 下午六点; behind words like 时长 a duration, 03:25 三分二十五秒.</summary>
internal sealed class ChineseClockRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1))
        {
            return 0;
        }

        if (ColonNumbers.At(passage, at) is not { } time)
        {
            return FullHour(passage, at, spoken);
        }

        if (!time.IsClock || ChineseCues.IsScore(passage, at, time.End))
        {
            return 0;
        }

        if (ChineseCues.IsDuration(passage, at))
        {
            Duration(time.Parts, spoken);
            return time.End - at;
        }

        var (half, end) = HalfOfDay(passage, time.End);
        spoken.Append(IsSaidBefore(passage, at) ? "" : half);
        TimeOfDay(time.Parts, spoken);
        return end - at + (passage[end] == '分' && time.Parts[1].Value > 0 && passage[end + 1] != '钟' ? 1 : 0);
    }

    /// <summary>3pm.</summary>
    private static int FullHour(Passage passage, int at, StringBuilder spoken)
    {
        var (hour, hourEnd) = CalendarDate.TwoDigits(passage, at);
        var (half, end) = HalfOfDay(passage, hourEnd);
        if (hour is < 1 or > 12 || half.Length == 0)
        {
            return 0;
        }

        spoken.Append(IsSaidBefore(passage, at) ? "" : half).Append(Hour(passage.Slice(at, hourEnd))).Append('点');
        return end - at;
    }

    private static bool IsSaidBefore(Passage passage, int at) => passage.Before(at, 3).IndexOfAny("午晨晚早") >= 0;

    private static (string Word, int End) HalfOfDay(Passage passage, int end)
    {
        var sign = passage.SkipBlanks(end);
        foreach (var (written, word) in (ReadOnlySpan<(string, string)>)[("a.m.", "上午"), ("p.m.", "下午"), ("am", "上午"), ("pm", "下午")])
        {
            if (passage.HasIgnoringCase(sign, written) && !passage.IsLatin(sign + written.Length))
            {
                return (word, sign + written.Length);
            }
        }

        return ("", end);
    }

    private static void TimeOfDay(Numeral[] parts, StringBuilder spoken)
    {
        spoken.Append(Hour(parts[0].Whole)).Append('点');
        if (parts[1].Value > 0 || parts.Length > 2)
        {
            spoken.Append(TwoPlaces(parts[1])).Append('分');
        }
        else if (parts[0].Value == 0)
        {
            spoken.Append("整");
        }

        if (parts.Length > 2)
        {
            spoken.Append(TwoPlaces(parts[2])).Append('秒');
        }
    }

    private static void Duration(Numeral[] parts, StringBuilder spoken)
    {
        string[] units = parts.Length > 2 ? ["小时", "分", "秒"] : ["分", "秒"];
        for (var i = 0; i < parts.Length; i++)
        {
            spoken.Append(i == 0 ? Hour(parts[0].Whole) : TwoPlaces(parts[i])).Append(units[i]);
        }
    }

    private static string Hour(string digits) => digits is "2" or "02" ? "两" : ChineseNumerals.Cardinal(digits);

    /// <summary>05 is 零五.</summary>
    private static string TwoPlaces(Numeral part) => (part.Value is > 0 and < 10 ? "零" : "") + ChineseNumerals.Cardinal(part.Whole);
}
