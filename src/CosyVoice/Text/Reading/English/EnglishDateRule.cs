using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Dates in digits: 2024-05-01, 5/1/2024 (month first, unless only the second can be one), 25.12.1990.</summary>
internal sealed class EnglishDateRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at) || passage[at - 1] is '/' or '.'
            || (CalendarDate.At(passage, at) ?? YearLast(passage, at)) is not { } date)
        {
            return 0;
        }

        var month = EnglishMonths.Names[date.Month - 1];
        var words = date.Day > 0
            ? $"{month} {EnglishNumerals.Ordinal(date.Day)}, {EnglishNumerals.Year(date.Year)}"
            : $"{month} {EnglishNumerals.Year(date.Year)}";
        EnglishSpeech.Say(spoken, words, passage, date.End);
        return date.End - at + (passage[date.End] == 'T' && passage.IsDigit(date.End + 1) && passage[date.End + 3] == ':' ? 1 : 0);
    }

    private static string Century(bool isShort, char decade) => !isShort ? "" : decade < '5' ? "20" : "19";

    private static CalendarDate? YearLast(Passage passage, int at)
    {
        var (first, firstEnd) = CalendarDate.TwoDigits(passage, at);
        var separator = passage[firstEnd];
        if (first == 0 || separator is not ('/' or '.' or '-'))
        {
            return null;
        }

        var (second, secondEnd) = CalendarDate.TwoDigits(passage, firstEnd + 1);
        var yearEnd = passage.DigitsEnd(secondEnd + 1);
        var isShortYear = separator == '/' && yearEnd - secondEnd == 3;
        var isYear = passage[secondEnd] == separator && (isShortYear || (yearEnd - secondEnd == 5 && passage[secondEnd + 1] is '1' or '2'));
        var isDayFirst = first > 12 || separator == '.';
        var (month, day) = isDayFirst ? (second, first) : (first, second);
        return isYear && month is >= 1 and <= 12 && day is >= 1 and <= 31
            ? new CalendarDate(Century(isShortYear, passage[secondEnd + 1]) + passage.Slice(secondEnd + 1, yearEnd), month, day, yearEnd)
            : null;
    }
}
