using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Dates with a month's name: May 1, 2024; 5 June 2022; Jan. 3rd; March 2020; May 3-7. Also shortened days: Tues.</summary>
internal sealed class EnglishMonthRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsStart(at))
        {
            return 0;
        }

        return passage.IsDigit(at) ? DayFirst(passage, at, spoken) : passage.IsLatin(at) ? MonthFirst(passage, at, spoken) : 0;
    }

    private static int MonthFirst(Passage passage, int at, StringBuilder spoken)
    {
        var word = passage.WordAt(at);
        var end = at + word.Length;
        var isShort = passage[end] == '.';
        if (EnglishMonths.Day(word) is { } weekday && !IsWeek(passage, at, end)
            && (IsShortened(passage, at, end) || IsBeforeHour(passage, end)
            || (passage[end] == ',' && EnglishMonths.Month(passage.WordAt(passage.SkipBlanks(end + 1))) is not null)))
        {
            EnglishSpeech.Say(spoken, weekday, passage, end);
            return word.Length + (isShort && passage.SkipBlanks(end + 1) < passage.Length ? 1 : 0);
        }

        if (EnglishMonths.Day(word) is { } day && IsWeek(passage, at, end))
        {
            var stop = end + (isShort ? 1 : 0);
            var isFirst = passage.IsDash(stop);
            return Say(isFirst ? day + " to " : day, isFirst ? stop + 1 : passage.SkipBlanks(stop) < passage.Length ? stop
                : end, passage, at, spoken);
        }

        if (EnglishMonths.Month(word) is not { } month)
        {
            return 0;
        }

        var isWhole = month == word;
        end += isShort && !isWhole ? 1 : 0;
        var next = passage.SkipBlanks(end);
        var isComma = passage[end] == ',' && passage[end + 1] == ' ' && passage.DigitsEnd(end + 2) == end + 6
            && !EnglishSpeech.IsPluralNext(passage, end + 6);
        next = isComma ? end + 2 : next;
        if (next == end || Number(passage, next) is not var (number, numberEnd))
        {
            return isShort && !isWhole && passage.SkipBlanks(end) < passage.Length ? Say(month, end, passage, at, spoken) : 0;
        }

        if (numberEnd - next == 4)
        {
            return number is >= 1000 and < 2200
                ? Say($"{month}{(isComma ? "," : "")} {EnglishNumerals.Year(passage.Slice(next, numberEnd))}", numberEnd, passage, at,
                spoken) : 0;
        }

        if (number is < 1 or > 31 || passage[numberEnd] is ':' or '.' && passage.IsDigit(numberEnd + 1) || passage[numberEnd] == '%')
        {
            return 0;
        }

        numberEnd = SkipSuffix(passage, numberEnd);
        return Say($"{month} {EnglishNumerals.Ordinal(number)}{RangeAndYear(passage, ref numberEnd)}", numberEnd, passage, at, spoken);
    }

    /// <summary>"on Sat. at 5", but not "under the Sun. It".</summary>
    private static bool IsShortened(Passage passage, int at, int end) =>
        passage[end] == '.' && passage.WordBefore(at) is not "the"
            && !EnglishSpeech.OpensSentence(passage.WordAt(passage.SkipBlanks(end + 1)));

    /// <summary>Fri 9-3.</summary>
    private static bool IsBeforeHour(Passage passage, int end) => passage[end] == ' ' && passage.IsDigit(end + 1);

    /// <summary>Mon-Fri.</summary>
    private static bool IsWeek(Passage passage, int at, int end) =>
        (passage.IsDash(passage[end] == '.' ? end + 1 : end)
            && EnglishMonths.Day(passage.WordAt(passage[end] == '.' ? end + 2 : end + 1)) is not null)
            || (passage.IsDash(at - 1) && EnglishMonths.Day(passage.WordBefore(at - 1)) is not null);

    private static int DayFirst(Passage passage, int at, StringBuilder spoken)
    {
        var (day, end) = CalendarDate.TwoDigits(passage, at);
        end = SkipSuffix(passage, end);
        var monthAt = passage.SkipBlanks(end);
        var word = passage.WordAt(monthAt);
        if (day is < 1 or > 31 || monthAt == end || EnglishMonths.Month(word) is not { } month
            || (word == "May" && IsVerb(passage, monthAt + 3)))
        {
            return 0;
        }

        end = monthAt + word.Length;
        end += passage[end] == '.' && month != word ? 1 : 0;
        var yearAt = passage.SkipBlanks(passage[end] == ',' ? end + 1 : end);
        var year = "";
        if (yearAt > end && Number(passage, yearAt) is var (value, yearEnd) && yearEnd - yearAt == 4 && value is >= 1000 and < 2200)
        {
            year = " " + EnglishNumerals.Year(passage.Slice(yearAt, yearEnd));
            end = yearEnd;
        }

        var article = passage.WordBefore(at) is "the" or "The" or "of" ? "" : "the ";
        return Say($"{article}{EnglishNumerals.Ordinal(day)} of {month}{year}", end, passage, at, spoken);
    }

    /// <summary>"-7" and ", 2024" behind a day.</summary>
    private static string RangeAndYear(Passage passage, ref int end)
    {
        var words = "";
        if (passage.IsDash(end) && Number(passage, end + 1) is var (last, lastEnd) && last is >= 1 and <= 31)
        {
            words = $" to {EnglishNumerals.Ordinal(last)}";
            end = SkipSuffix(passage, lastEnd);
        }

        var yearAt = passage.SkipBlanks(passage[end] == ',' ? end + 1 : end);
        if (yearAt > end && Number(passage, yearAt) is var (value, yearEnd) && yearEnd - yearAt == 4 && value is >= 1000 and < 2200)
        {
            words += ", " + EnglishNumerals.Year(passage.Slice(yearAt, yearEnd));
            end = yearEnd;
        }

        return words;
    }

    private static (int Value, int End)? Number(Passage passage, int at)
    {
        var end = passage.DigitsEnd(at);
        return end - at is >= 1 and <= 4
            ? (int.Parse(passage.Text.AsSpan(at, end - at), System.Globalization.CultureInfo.InvariantCulture), end) : null;
    }

    private static int SkipSuffix(Passage passage, int end) =>
        passage.WordAt(end) is "st" or "nd" or "rd" or "th" ? end + 2 : end;

    private static bool IsVerb(Passage passage, int end) =>
        passage[end] == ' ' && passage.WordAt(end + 1) is "be" or "have" or "not" or "also";

    private static int Say(string words, int end, Passage passage, int at, StringBuilder spoken)
    {
        EnglishSpeech.Say(spoken, words, passage, end);
        return end - at;
    }
}
