using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Powers: x² is x squared, 2^10 two to the power of ten, 10⁻⁹ ten to the power of minus nine.</summary>
internal sealed class EnglishPowerRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken) => passage[at] switch
    {
        '^' when passage[at + 1] is '2' or '3' && !char.IsAsciiLetterOrDigit(passage[at + 2]) && passage[at + 2] != '.' =>
            Say(passage[at + 1] == '2' ? "squared" : "cubed", 2, at, passage, spoken),
        '^' when Numeral.At(passage, at + 1) is { } power =>
            Say($"to the power of {EnglishNumerals.Number(power)}", power.End - at, at, passage, spoken),
        '^' when passage.IsMinus(at + 1) && Numeral.At(passage, at + 2) is { } power =>
            Say($"to the power of minus {EnglishNumerals.Number(power)}", power.End - at, at, passage, spoken),
        '²' or '³' when Power(passage, at, spoken) is > 0 and var length => length,
        '²' => Say("squared", 1, at, passage, spoken),
        '³' => Say("cubed", 1, at, passage, spoken),
        '⁻' or '⁰' or '¹' or (>= '⁴' and <= '⁹') => Power(passage, at, spoken),
        _ => 0,
    };

    /// <summary>More than one superscript digit, or one that has no name: ten to the power of twenty-three.</summary>
    private static int Power(Passage passage, int at, StringBuilder spoken)
    {
        var end = at;
        var digits = new StringBuilder();
        var isNegative = passage[at] == '⁻';
        for (end += isNegative ? 1 : 0; Superscript(passage[end]) is >= 0 and var digit; end++)
        {
            digits.Append(digit);
        }

        if (digits.Length == 0 || (digits.Length == 1 && !isNegative && passage[at] is '²' or '³'))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, $"to the power of {(isNegative ? "minus " : "")}{EnglishNumerals.Cardinal(digits.ToString())}",
            passage, end);
        if (passage.IsDigit(at - 1) && EnglishUnits.At(passage, end) is var (name, unitEnd))
        {
            EnglishSpeech.Say(spoken, name.Many, passage, unitEnd);
            return unitEnd - at;
        }

        return end - at;
    }

    private static int Superscript(char character) => character switch
    {
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁰' or (>= '⁴' and <= '⁹') => character - '⁰',
        _ => -1,
    };

    private static int Say(string words, int length, int at, Passage passage, StringBuilder spoken)
    {
        EnglishSpeech.Say(spoken, words, passage, at + length);
        return length;
    }
}
