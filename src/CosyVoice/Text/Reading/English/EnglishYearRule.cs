using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>
/// Four digits are a year from 1900 to 2099, and from 1000 behind a word such as in, unless they count the plural behind them:
/// 1984 is nineteen eighty-four, 2000 houses are two thousand. Also the end of 2020-21.
/// </summary>
internal sealed class EnglishYearRule : IReadingRule
{
    private static readonly HashSet<string> Cues = new(StringComparer.OrdinalIgnoreCase)
    {
        "in", "since", "year", "circa", "by", "of", "from", "until", "till", "during", "before", "after", "around", "late", "early",
        "to", "spring", "summer", "fall", "autumn", "winter", "between", "c", "anno", "AD",
    };

    private static readonly HashSet<string> Counts = new(StringComparer.OrdinalIgnoreCase)
    {
        "about", "over", "nearly", "than", "exactly", "almost", "roughly", "approximately", "equals", "total", "some", "up",
        "minus", "plus", "times",
    };

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at)
            || passage[at - 1] is '.' or ',' or '=' or '$' or '+' or '^' or '~' or '±' or '#' || IsSigned(passage, at))
        {
            return 0;
        }

        var end = passage.DigitsEnd(at);
        if (end - at == 2)
        {
            return ShortEnd(passage, at, end, spoken);
        }

        if (end - at != 4 || (passage[end] is '.' or ',' && passage.IsDigit(end + 1)) || passage.IsLatin(end)
            || passage[end] is '%' or '°' or '²' or '³' or '+')
        {
            return 0;
        }

        if (!IsYear(passage, at, end) || (EnglishSpeech.IsPluralNext(passage, end) && !IsNamed(passage, at))
            || EnglishUnits.At(passage, end) is not null || IsTerm(passage, at, end))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Year(passage.Slice(at, end)), passage, end);
        return end - at;
    }

    /// <summary>Q1 2024 results and the 2024 results are of a year; the 2000 houses are not.</summary>
    private static bool IsNamed(Passage passage, int at)
    {
        var isQuarter = passage.IsDigit(at - 2) && passage[at - 3] is 'Q' or 'H';
        var isRound = passage[at + 2] == '0' && passage[at + 3] == '0';
        return isQuarter
            || (!isRound
            && (passage.WordBefore(at) is "the" or "The" or "our" or "its" or "their"
            || EnglishMonths.Month(passage.WordBefore(at)) is not null));
    }

    private static bool IsYear(Passage passage, int at, int end)
    {
        var year = Numeral.At(passage, at)!.Value.Value;
        var word = passage.WordBefore(at);
        return word is "year" or "Year" || (year is >= 1000 and < 1900 && passage[at - 1] == '(' && passage[end] == ')')
            || year is >= 1900 and <= 2099 ? !Counts.Contains(word)
            : year is >= 1000 and < 1900
            && (Cues.Contains(word) || (passage.IsDash(at - 1) && passage.IsDigit(at - 2) && passage.IsDigit(at - 5))
                || (passage.IsDash(end) && passage.DigitsEnd(end + 1) - end is 3 or 5 && passage[at - 1] is '(' or ' '));
    }

    /// <summary>A sign of arithmetic beside it: 2000 * 2, = 1999.</summary>
    private static bool IsTerm(Passage passage, int at, int end)
    {
        const string Signs = "=*×x÷+<>≥≤";
        return Signs.Contains(passage[passage.SkipBlanksBack(at) - 1])
            || Signs.Contains(passage[passage.SkipBlanks(end)]) && passage.IsDigit(passage.SkipBlanks(passage.SkipBlanks(end) + 1));
    }

    private static bool IsSigned(Passage passage, int at) => passage.IsMinus(at - 1) && !char.IsLetterOrDigit(passage[at - 2]);

    /// <summary>The 21 of 2020-21.</summary>
    private static int ShortEnd(Passage passage, int at, int end, StringBuilder spoken)
    {
        var isRange = (passage.IsDash(at - 1) || passage[at - 1] == '/') && passage.DigitsEnd(at - 5) == at - 1
            && passage[at - 5] is '1' or '2' && !passage.IsDigit(at - 6);
        if (!isRange || passage[at] == '0' || passage.IsLatin(end) || passage.IsDash(end))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Cardinal(passage.Slice(at, end)), passage, end);
        return end - at;
    }
}
