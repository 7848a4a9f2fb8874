using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>3/4 is 四分之三, 1 1/2 一又二分之一.</summary>
internal sealed class ChineseFractionRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at) || passage[at - 1] is '/' or '.' or '第')
        {
            return 0;
        }

        if (Part(passage, at) is not { } first)
        {
            return 0;
        }

        if (passage[first.End] == ' ' && Part(passage, first.End + 1) is { } second && Fraction(passage, second) is { } rest)
        {
            spoken.Append(ChineseNumerals.Number(first)).Append('又').Append(rest.Words);
            return rest.End - at;
        }

        if (Day(passage, first) is var (day, dayEnd))
        {
            spoken.Append(day);
            return dayEnd - at;
        }

        if (Fraction(passage, first) is not { } fraction)
        {
            return 0;
        }

        spoken.Append(fraction.Words);
        return fraction.End - at;
    }

    private static Numeral? Part(Passage passage, int at) =>
        Numeral.At(passage, at) is { IsPlain: true, Whole.Length: <= 4 } part ? part : null;

    /// <summary>3/8妇女节 is named for a day.</summary>
    private static (string Words, int End)? Day(Passage passage, Numeral month) =>
        passage[month.End] == '/' && month.Value is >= 1 and <= 12 && Part(passage, month.End + 1) is { Value: >= 1 and <= 31 } day
        && passage.After(day.End, 4).Contains('节') && passage.IsIdeograph(day.End)
            ? (ChineseNumerals.Each(month.Whole + day.Whole), day.End)
            : null;

    private static (string Words, int End)? Fraction(Passage passage, Numeral numerator)
    {
        if (passage[numerator.End] != '/' || Part(passage, numerator.End + 1) is not { } denominator || denominator.Value < 2
            || passage[denominator.End] is '/' or '月' or '号' or '班' || passage.IsLatin(denominator.End)
            || numerator.Value > denominator.Value)
        {
            return null;
        }

        var below = denominator.Value switch
        {
            100 => "百",
            1000 => "千",
            _ => ChineseNumerals.Number(denominator),
        };
        return ($"{below}分之{ChineseNumerals.Number(numerator)}", denominator.End);
    }
}
