using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Numbers of models behind letters or a maker: A380 is A三八零, MP3 MP三, 波音747 波音七四七.</summary>
internal sealed class ChineseModelNumberRule : IReadingRule
{
    private static readonly string[] Makers = ["波音", "空客", "麦道", "型号"];
    private static readonly string[] Rooms = ["Room", "room", "Flight", "flight", "ROOM"];
    private static readonly string[] Journeys = ["次", "航班", "列车", "号列车"];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || passage[at - 1] == '.')
        {
            return 0;
        }

        var end = passage.DigitsEnd(at);
        if (passage[end] is '.' or ',' && passage.IsDigit(end + 1))
        {
            return 0;
        }

        var letter = passage.IsMinus(at - 1) ? at - 2 : at - 1;
        var isSecond = passage.IsMinus(at - 1) && passage.IsDigit(at - 2) && passage.IsLatin(at - 3); // i7-13700K
        if (isSecond || (passage.IsLatin(letter) && !IsUnit(passage, letter)))
        {
            return Glued(passage, at, end, spoken);
        }

        var length = end - at;
        var isPicture = length is 3 or 4 && passage[end] is 'P' or 'p' && !passage.IsLatin(end + 1); // 1080P
        var isNamed = isPicture || length is 3 or 4 && (IsMaker(passage, at) || (passage[at - 1] == ' ' && IsAcronym(passage, at, end)));
        if (!isNamed)
        {
            return 0;
        }

        spoken.Append(ChineseNumerals.Each(passage.Slice(at, end)));
        return end - at;
    }

    private static int Glued(Passage passage, int at, int end, StringBuilder spoken)
    {
        if (passage[at - 1] == 'h' && ChineseUnits.At(passage, end) is not null)
        {
            return 0; // 1h30min
        }

        var digits = passage.Slice(at, end);
        var isJourney = passage.IsLatin(at - 1) && Journeys.Any(journey => passage.Has(end, journey));
        spoken.Append(digits.Length < 3 && digits[0] != '0' ? ChineseNumerals.Cardinal(digits)
            : isJourney ? ChineseNumerals.EachOnPhone(digits)
            : ChineseNumerals.Each(digits));
        return end - at;
    }

    private static bool IsMaker(Passage passage, int at) =>
        Makers.Any(maker => passage.Before(at, maker.Length).SequenceEqual(maker));

    private static bool IsAcronym(Passage passage, int at, int end)
    {
        var word = passage.WordBefore(at);
        return (word.Length >= 2 && word.All(char.IsAsciiLetterUpper) && !ChineseMeasures.IsAt(passage, end)) || Rooms.Contains(word);
    }

    /// <summary>In 50kg-60kg the letters hang on a number of their own.</summary>
    private static bool IsUnit(Passage passage, int letter)
    {
        var start = letter;
        while (letter - start < 4 && passage.IsLatin(start))
        {
            start--;
        }

        return letter - start < 4 && passage.IsDigit(start) && passage.IsMinus(letter + 1);
    }
}
