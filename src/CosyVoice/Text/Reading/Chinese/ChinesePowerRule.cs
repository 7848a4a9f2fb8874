using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Powers: x² is x的平方, 2^10 二的十次方, 10⁻⁹ 十的负九次方.</summary>
internal sealed class ChinesePowerRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken) => passage[at] switch
    {
        '^' => Power(passage, at, spoken),
        '²' when !IsSuperscript(passage[at + 1]) && !IsSuperscript(passage[at - 1]) => Say("的平方", 1, spoken),
        '⁻' => Superscripts(passage, at, spoken),
        var sign when IsSuperscript(sign) => Superscripts(passage, at, spoken),
        _ => 0,
    };

    private static bool IsSuperscript(char character) => character is '¹' or '²' or '³' or '⁰' or (>= '⁴' and <= '⁹');

    /// <summary>10⁻⁹ is 十的负九次方; a unit may follow.</summary>
    private static int Superscripts(Passage passage, int at, StringBuilder spoken)
    {
        var digits = new StringBuilder();
        var end = at + (passage[at] == '⁻' ? 1 : 0);
        for (; IsSuperscript(passage[end]); end++)
        {
            digits.Append(passage[end] switch { '¹' => '1', '²' => '2', '³' => '3', var high => (char)('0' + high - '⁰') });
        }

        if (digits.Length == 0)
        {
            return 0;
        }

        spoken.Append(passage[at] == '⁻' ? "的负" : "的").Append(ChineseNumerals.Cardinal(digits.ToString())).Append("次方");
        if (passage.IsDigit(at - 1) && ChineseUnits.At(passage, end) is var (name, unitEnd))
        {
            spoken.Append(name);
            return unitEnd - at;
        }

        return end - at;
    }

    private static int Power(Passage passage, int at, StringBuilder spoken)
    {
        var isNegative = passage.IsMinus(at + 1);
        if (Numeral.At(passage, isNegative ? at + 2 : at + 1) is not { IsWhole: true } power)
        {
            return 0;
        }

        spoken.Append(isNegative ? "的负" : "的").Append(ChineseNumerals.Number(power)).Append("次方");
        return power.End - at;
    }

    private static int Say(string words, int length, StringBuilder spoken)
    {
        spoken.Append(words);
        return length;
    }
}
