using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>-5℃ is 零下五摄氏度, -10~-5℃ 零下十到零下五摄氏度.</summary>
internal sealed class ChineseTemperatureRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        var start = passage.IsMinus(at) && !passage.IsDigit(at - 1) ? at + 1 : at;
        if (Numeral.At(passage, start) is not { } number || passage.IsDigit(start - 1) || (start > at && IsRangeMark(passage, at)))
        {
            return 0;
        }

        var end = Unit(passage, number.End);
        if (end == 0 && (start == at || RangeEnd(passage, number.End) == 0))
        {
            return 0;
        }

        spoken.Append(start > at && !passage.Before(at, 2).SequenceEqual("零下") ? "零下" : "").Append(ChineseNumerals.Number(number));
        if (end == 0)
        {
            return number.End - at;
        }

        spoken.Append(passage[end - 1] is 'F' or '℉' ? "华氏度" : "摄氏度");
        return end - at;
    }

    /// <summary>In 10℃-20℃ the hyphen is none of a negative number.</summary>
    private static bool IsRangeMark(Passage passage, int at) =>
        passage[at - 1] is '℃' or '°' or 'C' || (passage[at - 1] == '度' && passage.IsDigit(at - 2));

    private static int Unit(Passage passage, int at)
    {
        at = passage.SkipBlanks(at);
        return passage[at] is '℃' or '℉' ? at + 1 : passage[at] == '°' && passage[at + 1] is 'C' or 'F' ? at + 2 : 0;
    }

    private static int RangeEnd(Passage passage, int at)
    {
        if (!passage.IsDash(at) && passage[at] is not ('到' or '至'))
        {
            return 0;
        }

        at += passage.IsMinus(at + 1) ? 2 : 1;
        return Numeral.At(passage, at) is { } last ? Unit(passage, last.End) : 0;
    }
}
