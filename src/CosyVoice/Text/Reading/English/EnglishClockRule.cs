using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>
/// Times: 3:30 pm is three thirty PM, 9:05 nine oh five, 10:00 ten o'clock, 2:05:30 two hours five minutes and thirty seconds.
/// </summary>
internal sealed class EnglishClockRule : IReadingRule
{
    private static readonly string[] Ratios = ["ratio", "scale", "score", "odds", "won", "lost"];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1))
        {
            return 0;
        }

        if (ColonNumbers.At(passage, at) is not { } time)
        {
            return FullHour(passage, at, spoken);
        }

        if (!time.IsClock || IsRatio(passage, at))
        {
            return 0;
        }

        var (half, end) = HalfOfDay(passage, time.End);
        EnglishSpeech.Say(spoken, Words(passage, at, time.Parts, half), passage, end);
        return end - at;
    }

    /// <summary>3pm and 3 p.m.</summary>
    private static int FullHour(Passage passage, int at, StringBuilder spoken)
    {
        var (hour, hourEnd) = CalendarDate.TwoDigits(passage, at);
        var (half, end) = HalfOfDay(passage, hourEnd);
        if (hour is < 1 or > 12 || half.Length == 0 || (passage[hourEnd] == ' ' && passage.HasIgnoringCase(hourEnd + 1, "am ")
            && passage[hourEnd + 1] == 'a' && passage[at - 1] == ' ' && passage.WordBefore(at) == "I"))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, $"{EnglishNumerals.Cardinal(hour)} {half}", passage, end);
        return end - at;
    }

    private static string Words(Passage passage, int at, Numeral[] parts, string half)
    {
        var (hour, minute) = (parts[0].Value, parts[1].Value);
        if (parts.Length > 2)
        {
            return half.Length > 0 || passage.WordBefore(at) is "at" or "by" or "At"
                ? $"{EnglishNumerals.Cardinal(hour)} {Minutes(minute)} and {Count(parts[2].Value, "second")}{Behind(half)}"
                : $"{Count(hour, "hour")} {Count(minute, "minute")} and {Count(parts[2].Value, "second")}";
        }

        return (minute, half) switch
        {
            (0, "") when hour is 0 => "zero hundred hours",
            (0, "") when hour > 12 => $"{EnglishNumerals.Cardinal(hour)} hundred",
            (0, "") => $"{EnglishNumerals.Cardinal(hour)} o'clock",
            (0, _) => $"{EnglishNumerals.Cardinal(hour)}{Behind(half)}",
            _ => $"{EnglishNumerals.Cardinal(hour)} {Minutes(minute)}{Behind(half)}",
        };
    }

    private static string Behind(string half) => half.Length > 0 ? " " + half : "";

    private static string Minutes(int minute) => (minute is > 0 and < 10 ? "oh " : "") + EnglishNumerals.Cardinal(minute);

    private static string Count(int value, string unit) => $"{EnglishNumerals.Cardinal(value)} {unit}{(value == 1 ? "" : "s")}";

    private static bool IsRatio(Passage passage, int at)
    {
        var before = passage.Before(at, 18);
        foreach (var cue in Ratios)
        {
            if (before.IndexOf(cue, StringComparison.OrdinalIgnoreCase) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>AM or PM; the full stop of p.m. stays where it ends the text.</summary>
    private static (string Word, int End) HalfOfDay(Passage passage, int end)
    {
        var sign = passage.SkipBlanks(end);
        foreach (var (written, word) in (ReadOnlySpan<(string, string)>)[("a.m", "AM"), ("p.m", "PM"), ("am", "AM"), ("pm", "PM")])
        {
            if (!passage.HasIgnoringCase(sign, written) || passage.IsLatin(sign + written.Length))
            {
                continue;
            }

            var stop = sign + written.Length;
            var isAbbreviated = written.Length == 3 && passage[stop] == '.' && passage.SkipBlanks(stop + 1) < passage.Length
                && !EnglishSpeech.OpensSentence(passage.WordAt(passage.SkipBlanks(stop + 1)));
            return (word, stop + (isAbbreviated ? 1 : 0));
        }

        return ("", end);
    }
}
