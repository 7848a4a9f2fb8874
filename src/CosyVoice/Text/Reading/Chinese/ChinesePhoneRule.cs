using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>
/// Telephone numbers that are known by their form: mobile, with an area code, 400-820-8820, +86 …; said in groups, digit by
/// digit.
/// </summary>
internal sealed class ChinesePhoneRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        var isStart = passage.IsDigit(at) ? passage.IsStart(at) && passage[at - 1] != '.'
            : passage[at] is '+' or '(' or '（' && passage.IsDigit(at + 1);
        for (var groups = isStart ? DigitGroups.At(passage, at) : null; groups is { } found; groups = found.Shorter)
        {
            if (IsPhone(passage, found))
            {
                return Say(found, spoken) - at;
            }
        }

        return 0;
    }

    private static int Say(DigitGroups groups, StringBuilder spoken)
    {
        spoken.Append(groups.HasPlus ? "加" : "").AppendJoin('，', Parted(groups).Select(ChineseNumerals.EachOnPhone));
        return groups.End;
    }

    private static bool IsPhone(Passage passage, DigitGroups groups)
    {
        var parts = groups.Parts;
        if (passage.IsLatin(groups.End) || passage.IsDigit(groups.End))
        {
            return false;
        }

        if (groups.HasPlus)
        {
            return groups.DigitCount is >= 8 and <= 15;
        }

        var local = parts[0] == "86" ? parts[1..] : parts;
        return local.Length > 0 && (IsMobile(local) || IsLandline(local, groups.HasBrackets) || IsService(local))
            && !ChineseMeasures.IsAt(passage, groups.End);
    }

    private static bool IsMobile(string[] parts) =>
        parts[0].Length is 3 or 11 && parts[0][0] == '1' && parts[0][1] >= '3'
            && string.Join(' ', parts.Select(part => part.Length)) is "11" or "3 4 4";

    private static bool IsLandline(string[] parts, bool hasBrackets)
    {
        var isArea = parts.Length > 1 && parts[0].Length is 3 or 4 && parts[0][0] == '0';
        var isShortArea = parts.Length > 1 && parts[0].Length is 2 or 3 && parts[0][0] != '0' && parts[^1].Length == 8;
        return (isArea || (isShortArea && !hasBrackets && parts.Length == 2 && parts[0] is "10" or "21" or "20" or "755"))
            && parts.Skip(1).Sum(part => part.Length) is 7 or 8;
    }

    private static bool IsService(string[] parts) => parts[0] is "400" or "800" && parts.Length > 1 && parts.Sum(part => part.Length) == 10;

    private static IEnumerable<string> Parted(DigitGroups groups) => groups.Parts.SelectMany(part =>
        part.Length == 11 && part[0] == '1' ? [part[..3], part[3..7], part[7..]] : (string[])[part]);
}
