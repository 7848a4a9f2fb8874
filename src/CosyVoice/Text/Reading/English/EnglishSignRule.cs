using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Signs between and before numbers and words: what they are called, or nothing where nobody says them.</summary>
internal sealed class EnglishSignRule : IReadingRule
{
    private static readonly (string Written, string Said)[] Always =
    [
        (">=", "is greater than or equal to"), ("<=", "is less than or equal to"), ("!=", "is not equal to"), ("==", "equals"), ("->", "to"), ("=>", "to"), ("→", "to"),
        ("≥", "is greater than or equal to"), ("≤", "is less than or equal to"), ("≠", "is not equal to"), ("≈", "is approximately"), ("±", "plus or minus"), ("÷", "divided by"),
        ("√", "square root of"), ("∞", "infinity"), ("=", "equals"), ("＝", "equals"), ("&", "and"), ("©", "copyright"), ("§", "section"), ("¶", "paragraph"), ("π", "pi"), ("α", "alpha"),
        ("β", "beta"), ("γ", "gamma"), ("δ", "delta"), ("Δ", "delta"), ("θ", "theta"), ("λ", "lambda"), ("μ", "mu"), ("σ", "sigma"), ("Σ", "sigma"), ("ω", "omega"), ("Ω", "omega"),
        ("²", "squared"), ("³", "cubed"), ("×", "times"), ("∑", "sum of"), ("∈", "in"), ("%", "percent"), ("°", "degrees"),
    ];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] is '≥' or '≤' && IsOpening(passage, at))
        {
            return Say(passage[at] == '≥' ? "at least" : "at most", 1, at, passage, spoken);
        }

        foreach (var (written, said) in Always)
        {
            if (passage.Has(at, written))
            {
                return Power(passage, at, spoken) is > 0 and var length ? length : Say(said, written.Length, at, passage, spoken);
            }
        }

        return passage[at] switch
        {
            '®' or '™' => 1,
            '+' => Say("plus", 1, at, passage, spoken),
            '-' or '−' or '–' or '—' or '~' or '‐' => Dash(passage, at, spoken),
            '/' => Slash(passage, at, spoken),
            '*' when IsBetweenNumbers(passage, at) => Say("times", 1, at, passage, spoken),
            '<' when IsBetweenTerms(passage, at) => Say("is less than", 1, at, passage, spoken),
            '>' when IsBetweenTerms(passage, at) => Say("is greater than", 1, at, passage, spoken),
            '#' => Number(passage, at, spoken),
            '@' when passage.IsLatin(at + 1) || passage[at + 1] == ' ' => Say("at", 1, at, passage, spoken),
            '^' when passage[at + 1] is '2' or '3' && !char.IsAsciiLetterOrDigit(passage[at + 2]) && passage[at + 2] != '.' => Say(passage[at + 1] == '2' ? "squared" : "cubed", 2, at, passage, spoken),
            '^' when Numeral.At(passage, at + 1) is { } power => Say($"to the power of {EnglishNumerals.Number(power)}", power.End - at, at, passage, spoken),
            '^' when passage.IsMinus(at + 1) && Numeral.At(passage, at + 2) is { } power => Say($"to the power of minus {EnglishNumerals.Number(power)}", power.End - at, at, passage, spoken),
            'x' when passage[at - 1] == ' ' && passage[at + 1] == ' ' && passage.IsDigit(at + 2) && IsNumberBefore(passage, at - 1) && !passage.IsDigit(at - 2) => Say("by", 1, at, passage, spoken),
            'x' or 'X' when passage[at - 1] == ' ' && passage[at + 1] == ' ' && IsBetweenNumbers(passage, at) => Say("times", 1, at, passage, spoken),
            '<' when passage.IsDigit(passage.SkipBlanks(at + 1)) && IsOpening(passage, at) => Say("less than", 1, at, passage, spoken),
            '>' when passage.IsDigit(passage.SkipBlanks(at + 1)) && IsOpening(passage, at) => Say("more than", 1, at, passage, spoken),
            '.' when WebAddressRule.IsEnding(passage, at) => Say("dot", 1, at, passage, spoken),
            >= '₀' and <= '₉' => Say(EnglishNumerals.Cardinal(passage[at] - '₀'), 1, at, passage, spoken),
            '⁻' or '⁰' or '¹' or (>= '⁴' and <= '⁹') => Power(passage, at, spoken),
            >= '①' and <= '⑳' => Say(EnglishNumerals.Cardinal(passage[at] - '①' + 1) + ",", 1, at, passage, spoken),
            _ => 0,
        };
    }

    /// <summary>Whether nothing that could be compared stands before a sign.</summary>
    private static bool IsOpening(Passage passage, int at) => !char.IsLetterOrDigit(passage[passage.SkipBlanksBack(at) - 1]) && passage[passage.SkipBlanksBack(at) - 1] is not (')' or '%' or '°');

    private static int Say(string words, int length, int at, Passage passage, StringBuilder spoken)
    {
        EnglishSpeech.Say(spoken, words, passage, at + length);
        return length;
    }

    /// <summary>More than one superscript digit, or one that has no name: ten to the power of twenty-three.</summary>
    private static int Power(Passage passage, int at, StringBuilder spoken)
    {
        var end = at;
        var digits = new StringBuilder();
        var isNegative = passage[at] == '⁻';
        for (end += isNegative ? 1 : 0; Superscript(passage[end]) is >= 0 and var digit; end++)
        {
            digits.Append(digit);
        }

        if (digits.Length == 0 || (digits.Length == 1 && !isNegative && passage[at] is '²' or '³'))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, $"to the power of {(isNegative ? "minus " : "")}{EnglishNumerals.Cardinal(digits.ToString())}", passage, end);
        if (passage.IsDigit(at - 1) && EnglishUnits.At(passage, end) is var (name, unitEnd))
        {
            EnglishSpeech.Say(spoken, name.Many, passage, unitEnd);
            return unitEnd - at;
        }

        return end - at;
    }

    private static int Superscript(char character) => character switch
    {
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁰' or (>= '⁴' and <= '⁹') => character - '⁰',
        _ => -1,
    };

    private static int Dash(Passage passage, int at, StringBuilder spoken)
    {
        var (before, after) = (passage.SkipBlanksBack(at), passage.SkipBlanks(at + 1));
        var isNumberNext = passage.IsDigit(after) || passage[after] is '$' or '£' or '€' or '¥';
        if (isNumberNext && IsNumberBefore(passage, before) && (before == at) == (after == at + 1))
        {
            var isHalves = passage.Has(before - 2, "50") && passage.Has(after, "50") && !passage.IsDigit(before - 3) && passage[after + 2] is ' ' or '.' or '\0';
            if (isHalves && passage[at] == '-' && after == at + 1)
            {
                return 0;
            }

            return Say(IsSum(passage, after) ? "minus" : "to", after - at, at, passage, spoken);
        }

        if (passage.IsDigit(at + 1) || (passage[at + 1] == '.' && passage.IsDigit(at + 2)) || passage[at + 1] is '$' or '£' or '€')
        {
            return InFront(passage, at, spoken);
        }

        // R2-D2
        return passage.IsMinus(at) && passage.IsDigit(at - 1) && char.IsAsciiLetterUpper(passage[at + 1]) ? Gap(spoken) : 0;
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

    /// <summary>Whether a number, or one with a unit of up to three characters, ends in front of a position.</summary>
    private static bool IsNumberBefore(Passage passage, int at)
    {
        if (passage.HasIgnoringCase(at - 4, "a.m.") || passage.HasIgnoringCase(at - 4, "p.m."))
        {
            return true;
        }

        for (var back = 1; back <= 4; back++)
        {
            if (passage.IsDigit(at - back))
            {
                return back == 1 ? !IsModel(passage, at - 1) : true;
            }

            if (!char.IsAsciiLetterLower(passage[at - back]) && passage[at - back] is not ('%' or '°' or 'C' or 'F' or 'M' or 'K' or 'B' or '.' or '"' or '²' or ' '))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether the digits that end here hang on a letter, as in A4.</summary>
    private static bool IsModel(Passage passage, int at)
    {
        var start = at;
        while (passage.IsDigit(start - 1) && at - start < 12)
        {
            start--;
        }

        return passage.IsLatin(start - 1);
    }

    private static int Slash(Passage passage, int at, StringBuilder spoken)
    {
        if (IsUnitBefore(passage, at))
        {
            return Say("per", 1, at, passage, spoken);
        }

        return char.IsLetterOrDigit(passage[at - 1]) && char.IsLetterOrDigit(passage[at + 1]) ? Gap(spoken) : 0;
    }

    private static bool IsUnitBefore(Passage passage, int at) =>
        passage.IsLatin(at + 1) && passage.WordBefore(at) is "miles" or "kilometers" or "meters" or "dollars" or "euros" or "times" or "calories" or "people" or "km" or "gallons" or "USD";

    private static bool IsBetweenNumbers(Passage passage, int at) =>
        passage.IsDigit(passage.SkipBlanksBack(at) - 1) && passage.IsDigit(passage.SkipBlanks(at + 1));

    private static bool IsBetweenTerms(Passage passage, int at)
    {
        var (before, after) = (passage.SkipBlanksBack(at), passage.SkipBlanks(at + 1));
        return char.IsLetterOrDigit(passage[before - 1]) && (char.IsLetterOrDigit(passage[after]) || passage[after] == '-');
    }

    private static int Number(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at - 1] is 'C' or 'F' && !passage.IsLatin(at - 2))
        {
            return Say("sharp", 1, at, passage, spoken);
        }

        return passage.IsDigit(at + 1) ? Say("number", 1, at, passage, spoken)
            : passage.IsLatin(at + 1) ? Say("hashtag", 1, at, passage, spoken)
            : 0;
    }
}
