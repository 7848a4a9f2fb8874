using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>2024-05-01 and 20240501 behind a word like 日期: 二零二四年五月一日.</summary>
internal sealed class ChineseDateRule : IReadingRule
{
    private static readonly string[] Cues = ["日期", "时间", "生日", "截至", "截止"];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at) || (CalendarDate.At(passage, at) ?? Compact(passage, at)) is not { } date)
        {
            return 0;
        }

        spoken.Append(ChineseNumerals.Each(date.Year)).Append('年').Append(Small(date.Month)).Append('月');
        if (date.Day > 0)
        {
            spoken.Append(Small(date.Day)).Append('日');
        }

        var end = date.End;
        if (passage[end] == ' ' && passage.IsDigit(end + 1))
        {
            end++; // a time follows
        }
        else if (passage[end] == 'T' && passage.IsDigit(end + 1) && passage[end + 3] == ':')
        {
            end++;
        }

        return end - at;
    }

    private static CalendarDate? Compact(Passage passage, int at)
    {
        if (passage.DigitsEnd(at) != at + 8 || passage[at] is not ('1' or '2') || !ChineseCues.HasAny(passage.Before(at, 6), Cues))
        {
            return null;
        }

        var (month, day) = (Value(passage, at + 4), Value(passage, at + 6));
        return month is >= 1 and <= 12 && day is >= 1 and <= 31 ? new CalendarDate(passage.Slice(at, at + 4), month, day, at + 8) : null;
    }

    private static int Value(Passage passage, int at) => (10 * (passage[at] - '0')) + passage[at + 1] - '0';

    private static string Small(int value) => ChineseNumerals.Cardinal(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
