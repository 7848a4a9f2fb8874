using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>A slash: 每 behind what is counted (15元/斤), else a pause or nothing.</summary>
internal sealed class ChineseSlashRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] is not ('/' or '／'))
        {
            return 0;
        }

        var isPrice = passage[at - 1] is '元' or '块' or '次' or '人' or '度' or '吨' or '米' or '克' or '升'
            && ChineseCues.IsNumberBefore(passage, at);
        if (isPrice && ChineseUnits.At(passage, at + 1) is var (unit, unitEnd))
        {
            return Say("每" + unit, unitEnd - at, spoken); // 人/km²
        }

        if (isPrice && passage.IsIdeograph(at + 1))
        {
            return Say("每", 1, spoken);
        }

        if (passage.Has(at - 1, "和/或"))
        {
            return Say("", 1, spoken);
        }

        if (passage.IsLatin(at - 1) && passage[at + 1] == 's' && !passage.IsLatin(at + 2))
        {
            return Say("每秒", 2, spoken); // MB/s
        }

        if (passage[at - 1] == 'P' && passage.IsDigit(at + 1))
        {
            return Say("", 1, spoken); // HTTP/2
        }

        return char.IsLetterOrDigit(passage[at - 1]) && char.IsLetterOrDigit(passage[at + 1])
            ? Say(passage.IsLatin(at - 1) && passage.IsLatin(at + 1) ? " " : "、", 1, spoken)
            : Say("", 1, spoken);
    }

    private static int Say(string words, int length, StringBuilder spoken)
    {
        spoken.Append(words);
        return length;
    }
}
