using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Hyphens, dashes and tildes: to, minus, about, or nothing as in COVID-19. Others stay.</summary>
internal sealed class EnglishDashRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDash(at))
        {
            return 0;
        }

        var (before, after) = (passage.SkipBlanksBack(at), passage.SkipBlanks(at + 1));
        var isNumberNext = passage.IsDigit(after) || passage[after] is '$' or '£' or '€' or '¥';
        if (isNumberNext && EnglishSpeech.IsNumberBefore(passage, before) && (before == at) == (after == at + 1))
        {
            var isHalves = passage.Has(before - 2, "50") && passage.Has(after, "50") && !passage.IsDigit(before - 3)
                && passage[after + 2] is ' ' or '.' or '\0';
            if (isHalves && passage[at] == '-' && after == at + 1)
            {
                return 0;
            }

            var word = IsSum(passage, after) ? "minus" : IsPartOfName(passage, at) ? "dash" : "to";
            return Say(word, after - at, at, passage, spoken);
        }

        if (passage.IsDigit(at + 1) || (passage[at + 1] == '.' && passage.IsDigit(at + 2)) || passage[at + 1] is '$' or '£' or '€')
        {
            return InFront(passage, at, spoken);
        }

        // R2-D2
        return passage.IsMinus(at) && passage.IsDigit(at - 1) && char.IsAsciiLetterUpper(passage[at + 1]) ? Gap(spoken) : 0;
    }

    /// <summary>Table 4-1.</summary>
    private static bool IsPartOfName(Passage passage, int at)
    {
        var start = at;
        while (passage.IsDigit(start - 1) && at - start < 4)
        {
            start--;
        }

        return passage.IsMinus(at) && passage.WordBefore(start) is "Table" or "Figure" or "Exhibit" or "Fig";
    }

    /// <summary>A sign in front of a number: minus, about, or the hyphen of a name as in COVID-19.</summary>
    private static int InFront(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] == '~')
        {
            return Say("about", 1, at, passage, spoken);
        }

        if (!passage.IsMinus(at))
        {
            return 0;
        }

        if (passage.WordBefore(at) is "noon" or "midnight" or "dawn" or "dusk")
        {
            return Say("to", 1, at, passage, spoken);
        }

        if (!char.IsLetterOrDigit(passage[at - 1]))
        {
            return Say("minus", 1, at, passage, spoken);
        }

        return passage.WordBefore(at).All(char.IsLower) ? 0 : Gap(spoken);
    }

    private static int Gap(StringBuilder spoken)
    {
        spoken.Append(' ');
        return 1;
    }

    /// <summary>Whether the two numbers stand before a sign of equality.</summary>
    private static bool IsSum(Passage passage, int at) =>
        passage.Before(at, 30).Contains('=') || (Numeral.At(passage, at) is { } number && passage[passage.SkipBlanks(number.End)] == '=');

    private static int Say(string words, int length, int at, Passage passage, StringBuilder spoken)
    {
        EnglishSpeech.Say(spoken, words, passage, at + length);
        return length;
    }
}
