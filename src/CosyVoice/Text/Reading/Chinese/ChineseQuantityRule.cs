using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Any other number, with the sign of a unit behind it: 5kg is 五千克. Two is 两 before words that count.</summary>
internal sealed class ChineseQuantityRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (Numeral.At(passage, at) is not { } number)
        {
            return 0;
        }

        if (passage[number.End] == '折' && number.Fraction.Length == 1)
        {
            spoken.Append(ChineseNumerals.Each(number.Whole + number.Fraction)); // 8.5折
            return number.End - at;
        }

        if (IsTail(passage, at, number))
        {
            spoken.Append(ChineseNumerals.Each(number.Whole));
            return number.End - at;
        }

        if (passage[number.End] is '\'' or '′' or '’' && Numeral.At(passage, number.End + 1) is { IsPlain: true } seconds
            && passage[seconds.End] is '"' or '″' or '”')
        {
            spoken.Append(ChineseNumerals.Number(number)).Append('分').Append(ChineseNumerals.Number(seconds)).Append('秒');
            return seconds.End + 1 - at;
        }

        var unitAt = passage[number.End] == ' ' && passage.IsLatin(number.End + 1) ? number.End + 1 : number.End;
        var unit = passage.IsLatin(at - 1) && passage[at - 1] != 'h' ? null : ChineseUnits.At(passage, unitAt);
        spoken.Append(IsLiang(passage, at, number, unit?.Name) ? "两" : ChineseNumerals.Number(number));
        if (unit is var (name, end))
        {
            spoken.Append(name);
            return end - at;
        }

        return number.End - at;
    }

    /// <summary>What follows a measure without one of its own is said digit by digit: 1米78, 9秒58.</summary>
    private static bool IsTail(Passage passage, int at, Numeral number) =>
        number is { IsPlain: true, Whole.Length: <= 2 } && passage[at - 1] is '米' or '秒' or '块' && passage.IsDigit(at - 2)
        && !passage.IsIdeograph(number.End) && !passage.IsLatin(number.End) && !passage.IsDash(number.End)
        && passage[number.End] is not ('%' or '/');

    private static bool IsLiang(Passage passage, int at, Numeral number, string? unit)
    {
        if (!number.IsTwo || passage[at - 1] is '第' or '初' or '高' or '周')
        {
            return false;
        }

        return unit is not null ? unit is not ("摄氏度" or "华氏度" or "度")
            : ChineseMeasures.TakesLiang(passage, number.End) || IsRangeOfMeasure(passage, number.End);
    }

    /// <summary>In 2-3公里 the measure stands behind the other number.</summary>
    private static bool IsRangeOfMeasure(Passage passage, int at) =>
        passage.IsDash(at) && Numeral.At(passage, at + 1) is { } last
        && (ChineseMeasures.TakesLiang(passage, last.End) || ChineseUnits.At(passage, last.End) is not null);
}
