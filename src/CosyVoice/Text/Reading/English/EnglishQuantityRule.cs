using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Any other number, with the sign of a unit or percent behind it: 5 kg is five kilograms, a 10 lb bag a ten pound bag.</summary>
internal sealed class EnglishQuantityRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (Numeral.At(passage, at) is not { } number)
        {
            return 0;
        }

        var sign = passage.SkipBlanks(number.End);
        if (passage[sign] is '%' or '‰')
        {
            EnglishSpeech.Say(spoken, EnglishNumerals.Number(number) + (passage[sign] == '%' ? " percent" : " per thousand"), passage, sign + 1);
            return sign + 1 - at;
        }

        if (passage[number.End] is 'x' or '×' && Times(passage, number, spoken) is > 0 and var timesEnd)
        {
            return timesEnd - at;
        }

        var isMeasured = !passage.IsLatin(at - 1) || passage[at - 1] == 'h';
        if (isMeasured && EnglishUnits.At(passage, number.End) is var (name, end))
        {
            var isOne = number.IsOne || EnglishSpeech.IsAttributive(passage, at, end);
            EnglishSpeech.Say(spoken, $"{EnglishNumerals.Number(number)} {(isOne ? name.One : name.Many)}", passage, end);
            return end - at;
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Number(number), passage, number.End);
        return number.End - at;
    }

    /// <summary>10x is ten times, 3x4 three by four.</summary>
    private static int Times(Passage passage, Numeral number, StringBuilder spoken)
    {
        var next = number.End + 1;
        if (passage.IsDigit(next))
        {
            EnglishSpeech.Say(spoken, EnglishNumerals.Number(number) + (passage.Has(next, "10") && passage[next + 2] is '^' or '⁻' or '²' or '³' or (>= '⁰' and <= '⁹') ? " times " : " by "), passage, next);
            return next;
        }

        if (char.IsLetterOrDigit(passage[next]))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Number(number) + " times", passage, next);
        return next;
    }
}
