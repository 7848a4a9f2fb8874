namespace CosyVoice.Text.Reading.English;

/// <summary>Names of months and days of the week, and what they are shortened to.</summary>
internal static class EnglishMonths
{
    public static readonly string[] Names =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["Jan"] = "January", ["Feb"] = "February", ["Mar"] = "March", ["Apr"] = "April", ["Jun"] = "June", ["Jul"] = "July",
        ["Aug"] = "August",
        ["Sep"] = "September", ["Sept"] = "September", ["Oct"] = "October", ["Nov"] = "November", ["Dec"] = "December",
    };

    private static readonly Dictionary<string, string> Days = new(StringComparer.Ordinal)
    {
        ["Mon"] = "Monday", ["Tue"] = "Tuesday", ["Tues"] = "Tuesday", ["Wed"] = "Wednesday", ["Thu"] = "Thursday",
        ["Thur"] = "Thursday", ["Thurs"] = "Thursday",
        ["Fri"] = "Friday", ["Sat"] = "Saturday", ["Sun"] = "Sunday",
    };

    /// <summary>The month that a word names or shortens; null for others.</summary>
    public static string? Month(string word) => Names.Contains(word) ? word : Short.GetValueOrDefault(word);

    public static string? Day(string word) => Days.GetValueOrDefault(word);
}
