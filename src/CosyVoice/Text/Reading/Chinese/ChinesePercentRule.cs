using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>15% is 百分之十五, 3-5% 百分之三到五, 5‰ 千分之五.</summary>
internal sealed class ChinesePercentRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || Numeral.At(passage, at) is not { } number)
        {
            return 0;
        }

        var rangeAt = passage.SkipBlanks(number.End);
        var last = passage.IsDash(rangeAt) ? Numeral.At(passage, passage.SkipBlanks(rangeAt + 1)) : null;
        var sign = passage.SkipBlanks((last ?? number).End);
        if (passage[sign] is not ('%' or '‰'))
        {
            return 0;
        }

        spoken.Append(passage[sign] == '%' ? "百分之" : "千分之");
        spoken.Append(last is null && number is { IsWhole: true, Whole: "100" } ? "百" : Number(number));
        if (last is { } to)
        {
            spoken.Append('到').Append(Number(to));
        }

        return sign + 1 - at;
    }

    private static string Number(Numeral number) => ChineseNumerals.Number(number);
}
