using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>
/// Numbers that name and do not count. Codes are said digit by digit: a PIN, a ZIP code, 007, what is too long to count. Rooms,
/// flights, houses and models are said in pairs: Room 302, Boeing 747, RTX 4090, 1080p.
/// </summary>
internal sealed class EnglishDigitStringRule : IReadingRule
{
    private const int LongerThanCounts = 10;

    private static readonly HashSet<string> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        "code", "PIN", "ZIP", "ID", "password", "passcode", "extension", "ext", "account", "serial", "dial", "call", "text",
        "digits", "postcode", "routing",
    };

    private static readonly HashSet<string> PairedNames = new(StringComparer.Ordinal)
    {
        "Room", "room", "Suite", "suite", "Apt", "Flight", "flight", "Boeing", "Airbus", "Highway", "Route", "Interstate", "Form",
        "Apartment", "apartment",
    };

    private static readonly HashSet<string> NoModels = new(StringComparer.Ordinal) { "AD", "BC", "CE", "BCE", "USD", "EUR", "I", "A",
        "THE", "IN", "OF", "OVER", "AND" };

    private static readonly HashSet<string> Streets = new(StringComparer.Ordinal)
    {
        "St", "Street", "Ave", "Avenue", "Rd", "Road", "Blvd", "Boulevard", "Ln", "Lane", "Drive", "Dr", "Court", "Ct", "Place", "Way",
    };

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || passage[at - 1] is '.' or ',')
        {
            return 0;
        }

        var end = passage.DigitsEnd(at);
        if ((passage[end] is '.' or ',' && passage.IsDigit(end + 1))
            || (passage.IsLatin(end) && passage[end] != 'p' && !IsMixed(passage, at, end)))
        {
            return 0;
        }

        var digits = passage.Slice(at, end);
        if (digits == "401" && passage.Has(end, "(k)"))
        {
            EnglishSpeech.Say(spoken, "four oh one k", passage, end + 3);
            return end + 3 - at;
        }

        if (IsCode(passage, at, end, digits))
        {
            EnglishSpeech.Say(spoken, EnglishNumerals.Each(digits), passage, end);
            return end - at;
        }

        if (digits.Length is 3 or 4 && IsPaired(passage, at, end))
        {
            EnglishSpeech.Say(spoken, EnglishNumerals.Pairs(digits), passage, end);
            return end - at;
        }

        return 0;
    }

    private static bool IsCode(Passage passage, int at, int end, string digits)
    {
        if ((passage[at - 1] == '#' && digits.Length > 4) || IsMixed(passage, at, end) || (digits[0] == '0' && digits.Length > 1)
            || digits.Length >= LongerThanCounts || (passage.IsLatin(passage.IsMinus(at - 1) ? at - 2 : at - 1) && digits.Length > 4))
        {
            return true;
        }

        if (digits.Length < 3 || EnglishSpeech.IsPluralNext(passage, end))
        {
            return false;
        }

        var (word, start) = NounBefore(passage, at);
        if (digits.Length == 5 && word.Length == 2 && word.All(char.IsAsciiLetterUpper) && passage[at - 1] == ' ')
        {
            return true; // CA 95014
        }

        return Codes.Contains(word) || (word is "number" or "Number" or "code" && digits.Length > 4)
            || (word is "is" or "was" or "are" && Codes.Contains(NounBefore(passage, start).Word));
    }

    /// <summary>A code of digits and letters, 8842XK.</summary>
    private static bool IsMixed(Passage passage, int at, int end) =>
        end - at >= 4 && char.IsAsciiLetterUpper(passage[end]) && char.IsAsciiLetterUpper(passage[end + 1])
            && EnglishUnits.At(passage, end) is null;

    private static (string Word, int Start) NounBefore(Passage passage, int at)
    {
        var end = passage.SkipBlanksBack(at);
        end -= passage[end - 1] is ':' or '#' ? 1 : 0;
        var word = passage.WordBefore(end);
        return (word, passage.SkipBlanksBack(end) - word.Length);
    }

    private static bool IsPaired(Passage passage, int at, int end)
    {
        if (passage[end] == 'p' && !char.IsLetterOrDigit(passage[end + 1]))
        {
            return true;
        }

        if (passage.IsLatin(end))
        {
            return false;
        }

        var letter = passage.IsMinus(at - 1) ? at - 2 : at - 1;
        if (passage.IsLatin(letter))
        {
            return char.IsUpper(passage[letter]) || (letter < at - 1 && passage.WordBefore(at) is [>= 'A' and <= 'Z', ..])
                || char.IsDigit(passage[letter]);
        }

        var word = passage[at - 1] == ' ' ? passage.WordBefore(at) : "";
        var isModel = word.Length is 2 or 3 && word.All(char.IsAsciiLetterUpper) && !NoModels.Contains(word) && passage[at - 2] != '.';
        return PairedNames.Contains(word) || (isModel && !EnglishSpeech.IsPluralNext(passage, end)) || IsHouse(passage, at, end);
    }

    /// <summary>123 Main St.</summary>
    private static bool IsHouse(Passage passage, int at, int end)
    {
        if (passage.WordBefore(at) is not ("" or "at" or "to" or "on" or "is" or "near") || passage[end] != ' ')
        {
            return false;
        }

        var next = end + 1;
        for (var words = 0; words < 3; words++)
        {
            var word = passage.WordAt(next);
            if (word.Length == 0 || !char.IsUpper(word[0]))
            {
                return false;
            }

            if (words > 0 && Streets.Contains(word))
            {
                return true;
            }

            next += word.Length + 1;
        }

        return false;
    }
}
