using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Numbers of items: 1. or (1) at the beginning of a line and ① anywhere are 一、.</summary>
internal sealed class ChineseListNumberRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] is >= '①' and <= '⑳')
        {
            spoken.Append(at > 0 && char.IsLetterOrDigit(passage[at - 1]) ? "，" : "");
            Say(passage[at] - '①' + 1, spoken);
            return passage[at + 1] is '、' or '.' ? 2 : 1;
        }

        var isWithin = at > 0 && passage[at] is '(' or '（' && passage[at - 1] is '；' or '。' or '：' or '，' or ';' or ':' or ' ';
        if (at > 0 && passage[at - 1] != '\n' && !isWithin)
        {
            return 0;
        }

        var start = passage[at] is '(' or '（' ? at + 1 : at;
        var (number, end) = CalendarDate.TwoDigits(passage, start);
        var isItem = end > start && (start > at ? passage[end] is ')' or '）' : passage[end] is '.' or ')' or '）' or '．');
        if (!isItem || passage.IsDigit(end + 1) || passage[end + 1] is '班' or '届' or '级')
        {
            return 0;
        }

        Say(number, spoken);
        return passage.SkipBlanks(end + 1) - at;
    }

    private static void Say(int number, StringBuilder spoken) =>
        spoken.Append(ChineseNumerals.Cardinal(number.ToString(System.Globalization.CultureInfo.InvariantCulture))).Append('、');
}
