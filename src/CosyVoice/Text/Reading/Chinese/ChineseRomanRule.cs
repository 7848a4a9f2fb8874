using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Roman numerals where they number: 第IV卷, II型, 路易XIV世. Single letters such as the X of X光 stay letters.</summary>
internal sealed class ChineseRomanRule : IReadingRule
{
    private const string Numbered = "型期级类世度部代阶";

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (RomanNumeral.At(passage, at) is not var (value, end))
        {
            return 0;
        }

        var isSign = passage[at] > 'z';
        var isNumber = isSign || passage[at - 1] == '第' || (Numbered.Contains(passage[end]) && (end - at > 1 || passage[at] == 'I'));
        if (!isNumber)
        {
            return 0;
        }

        spoken.Append(ChineseNumerals.Cardinal(value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return end - at;
    }
}
