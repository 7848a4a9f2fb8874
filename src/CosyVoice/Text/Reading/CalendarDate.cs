namespace CosyVoice.Text.Reading;

/// <summary>A date in digits, year first: 2024-05-01, 2024/5/1, 2024.5.1, or without its day, 2024-05.</summary>
/// <param name="Day">0 where it is not said.</param>
/// <param name="End">The position behind it.</param>
internal readonly record struct CalendarDate(string Year, int Month, int Day, int End)
{
    public static CalendarDate? At(Passage passage, int at)
    {
        var yearEnd = passage.DigitsEnd(at);
        if (yearEnd - at != 4 || passage[at] is not ('1' or '2') || passage[yearEnd] is not ('-' or '/' or '.'))
        {
            return null;
        }

        var year = passage.Slice(at, yearEnd);
        var (month, monthEnd) = TwoDigits(passage, yearEnd + 1);
        if (month is < 1 or > 12)
        {
            return null;
        }

        var (day, dayEnd) = passage[monthEnd] == passage[yearEnd] ? TwoDigits(passage, monthEnd + 1) : default;
        if (day is >= 1 and <= 31 && !passage.IsDigit(dayEnd))
        {
            return new CalendarDate(year, month, day, dayEnd);
        }

        var isMonthOnly = passage[yearEnd] != '.' && monthEnd - yearEnd == 3 && year[0] is '1' or '2' && year[1] is '9' or '0'
            && passage[yearEnd] == '-' && !passage.IsDash(monthEnd) && !passage.IsDigit(monthEnd);
        return isMonthOnly ? new CalendarDate(year, month, 0, monthEnd) : null;
    }

    /// <summary>A number of one or two digits; 0 where it has more, or none.</summary>
    public static (int Value, int End) TwoDigits(Passage passage, int at)
    {
        var end = passage.DigitsEnd(at);
        return end - at is 1 or 2
            ? (int.Parse(passage.Text.AsSpan(at, end - at), System.Globalization.CultureInfo.InvariantCulture), end) : (0, end);
    }
}
