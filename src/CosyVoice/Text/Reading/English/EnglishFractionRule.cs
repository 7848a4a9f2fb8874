using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>
/// 3/4 is three quarters, 1 1/2 one and a half, 120/80 one hundred and twenty over eighty; 24/7 and 9/11 have names of their
/// own.
/// </summary>
internal sealed class EnglishFractionRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at) || passage[at - 1] is '/' or '.' || Part(passage, at) is not { } first)
        {
            return 0;
        }

        if (passage[first.End] == ' ' && Part(passage, first.End + 1) is { } second
            && Fraction(passage, second, isMixed: true) is var (rest, restEnd))
        {
            var unit = EnglishUnits.At(passage, restEnd);
            restEnd = unit?.End ?? restEnd;
            EnglishSpeech.Say(spoken, $"{EnglishNumerals.Number(first)} and {rest}{(unit is null ? "" : " " + unit.Value.Name.Many)}",
                passage, restEnd);
            return restEnd - at;
        }

        if (IsSeason(passage, first) || Fraction(passage, first, isMixed: false) is not var (words, end))
        {
            return 0;
        }

        if (EnglishUnits.At(passage, end) is var (name, unitEnd))
        {
            words += (name.One[0] is 'a' or 'e' or 'i' or 'o' || name.One == "hour" ? " of an " : " of a ") + name.One;
            end = unitEnd;
        }

        EnglishSpeech.Say(spoken, words, passage, end);
        return end - at;
    }

    /// <summary>8/10 behind a word such as rated.</summary>
    private static bool HasRating(ReadOnlySpan<char> before) =>
        before.Contains("rat", StringComparison.OrdinalIgnoreCase) || before.Contains("score", StringComparison.OrdinalIgnoreCase)
            || before.Contains("gave", StringComparison.OrdinalIgnoreCase);

    /// <summary>2024/25.</summary>
    private static bool IsSeason(Passage passage, Numeral year) =>
        passage[year.End] == '/' && year.Value is >= 1900 and < 2100 && Part(passage, year.End + 1) is { Whole.Length: 2 } next
        && next.Value == (year.Value + 1) % 100;

    private static Numeral? Part(Passage passage, int at) =>
        Numeral.At(passage, at) is { IsPlain: true, Whole.Length: <= 4 } part ? part : null;

    private static (string Words, int End)? Fraction(Passage passage, Numeral above, bool isMixed)
    {
        if (passage[above.End] != '/' || Part(passage, above.End + 1) is not { } below || passage[below.End] == '/'
            || passage.IsLatin(below.End))
        {
            return null;
        }

        var words = (above.Value, below.Value) switch
        {
            (_, 5 or 10 or 100) when HasRating(passage.Before(above.End - above.Whole.Length,
            20)) => $"{EnglishNumerals.Number(above)} out of {EnglishNumerals.Number(below)}",
            (24, 7) or (9, 11) or (20, 20) => $"{EnglishNumerals.Number(above)} {EnglishNumerals.Number(below)}",
            (50, 50) => "fifty-fifty",
            var (up, down) when up + down == 100 => $"{EnglishNumerals.Number(above)} {EnglishNumerals.Number(below)}",
            var (up, down) when up >= down || down < 2 => $"{EnglishNumerals.Number(above)} over {EnglishNumerals.Number(below)}",
            (1, 2) => isMixed ? "a half" : "one half",
            (1, 4) => isMixed ? "a quarter" : "one quarter",
            (_, 4) => $"{EnglishNumerals.Number(above)} quarters",
            (_, 2) => $"{EnglishNumerals.Number(above)} halves",
            (1, 100) => "one hundredth",
            (1, 1000) => "one thousandth",
            var (up, _) => $"{EnglishNumerals.Number(above)} {EnglishNumerals.Ordinal(below.Whole)}{(up == 1 ? "" : "s")}",
        };
        return (words, below.End);
    }
}
