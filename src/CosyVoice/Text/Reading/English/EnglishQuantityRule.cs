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
            EnglishSpeech.Say(spoken, EnglishNumerals.Number(number) + (passage[sign] == '%' ? " percent" : " per thousand"), passage,
                sign + 1);
            return sign + 1 - at;
        }

        if (passage[number.End] == 's' && !char.IsLetterOrDigit(passage[number.End + 1]) && number.Whole is "100" or "1000" or "1000000")
        {
            EnglishSpeech.Say(spoken, EnglishNumerals.Number(number)["one ".Length..] + "s", passage, number.End + 1);
            return number.End + 1 - at; // 1,000s
        }

        if (passage[number.End] is 'x' or '×' && Times(passage, number, spoken) is > 0 and var timesEnd)
        {
            return timesEnd - at;
        }

        var isMeasured = !passage.IsLatin(at - 1) || passage[at - 1] == 'h';
        if (isMeasured && EnglishUnits.At(passage, number.End) is var (name, end))
        {
            name = IsMinutes(passage, at, end) ? new("minute", "minutes") : name;
            var isOne = number.IsOne || EnglishSpeech.IsAttributive(passage, at, end);
            EnglishSpeech.Say(spoken, $"{EnglishNumerals.Number(number)} {(isOne ? name.One : name.Many)}", passage, end);
            return end - at;
        }

        if (Scale(passage, number) is { Length: > 0 } scale)
        {
            EnglishSpeech.Say(spoken, $"{EnglishNumerals.Number(number)} {scale}", passage, number.End + 1);
            return number.End + 1 - at;
        }

        if (Exponent(passage, number.End) is var (exponent, exponentEnd))
        {
            EnglishSpeech.Say(spoken, $"{EnglishNumerals.Number(number)} times ten to the power of {exponent}", passage, exponentEnd);
            return exponentEnd - at;
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Number(number), passage, number.End);
        return number.End - at;
    }

    /// <summary>1.2M copies are one point two million.</summary>
    private static string Scale(Passage passage, Numeral number)
    {
        var isScale = !char.IsLetterOrDigit(passage[number.End + 1])
            && (!number.IsWhole || EnglishSpeech.IsPluralNext(passage, number.End + 1));
        return !isScale ? "" : passage[number.End] switch
        {
            'M' => "million",
            'B' => "billion",
            _ => "",
        };
    }

    /// <summary>The m of 2h 15m.</summary>
    private static bool IsMinutes(Passage passage, int at, int end) =>
        passage[end - 1] == 'm' && !passage.IsLatin(end - 2) && passage[passage.SkipBlanksBack(at) - 1] is 'h'
            && passage.IsDigit(passage.SkipBlanksBack(at) - 2);

    /// <summary>The e23 of 6.022e23.</summary>
    private static (string Words, int End)? Exponent(Passage passage, int at)
    {
        if (passage[at] is not ('e' or 'E'))
        {
            return null;
        }

        var start = at + (passage[at + 1] is '-' or '+' ? 2 : 1);
        var end = passage.DigitsEnd(start);
        return end > start && end - start <= 3 && !passage.IsLatin(end)
            ? ((passage[at + 1] == '-' ? "minus " : "") + EnglishNumerals.Cardinal(passage.Slice(start, end)), end)
            : null;
    }

    /// <summary>10x is ten times, 3x4 three by four.</summary>
    private static int Times(Passage passage, Numeral number, StringBuilder spoken)
    {
        var next = number.End + 1;
        if (passage.IsDigit(next))
        {
            var isPower = passage.Has(next, "10") && passage[next + 2] is '^' or '⁻' or '²' or '³' or (>= '⁰' and <= '⁹');
            var isProduct = isPower || (passage[number.End] == '×' && number.Whole.Length < 3);
            EnglishSpeech.Say(spoken, EnglishNumerals.Number(number) + (isProduct ? " times " : " by "), passage, next);
            return next;
        }

        if (char.IsLetterOrDigit(passage[next]) || (passage[next - 1] == 'x' && "+-−=^*".Contains(passage[passage.SkipBlanks(next)])))
        {
            return 0; // 3x + 5
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Number(number) + " times", passage, next);
        return next;
    }
}
