using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Signs between and before numbers and words: what they are called, or nothing where nobody says them.</summary>
internal sealed class EnglishSignRule : IReadingRule
{
    private static readonly (string Written, string Said)[] Always =
    [
        (">=", "is greater than or equal to"), ("<=", "is less than or equal to"), ("!=", "is not equal to"), ("==", "equals"),
        ("->", "to"), ("=>", "to"), ("→", "to"),
        ("≥", "is greater than or equal to"), ("≤", "is less than or equal to"), ("≠", "is not equal to"), ("≈", "is approximately"),
        ("±", "plus or minus"), ("÷", "divided by"),
        ("√", "square root of"), ("∞", "infinity"), ("=", "equals"), ("＝", "equals"), ("&", "and"), ("©", "copyright"), ("§", "section"),
        ("¶", "paragraph"), ("π", "pi"), ("α", "alpha"),
        ("β", "beta"), ("γ", "gamma"), ("δ", "delta"), ("Δ", "delta"), ("θ", "theta"), ("λ", "lambda"), ("μ", "mu"), ("σ", "sigma"),
        ("Σ", "sigma"), ("ω", "omega"), ("Ω", "omega"),
        ("×", "times"), ("∑", "sum of"), ("∈", "in"), ("%", "percent"), ("°", "degrees"),
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
                return Say(said, written.Length, at, passage, spoken);
            }
        }

        return passage[at] switch
        {
            '®' or '™' => 1,
            '+' => Say("plus", 1, at, passage, spoken),
            '/' => Slash(passage, at, spoken),
            '*' when IsBetweenNumbers(passage, at) => Say("times", 1, at, passage, spoken),
            '<' when IsBetweenTerms(passage, at) => Say("is less than", 1, at, passage, spoken),
            '>' when IsBetweenTerms(passage, at) => Say("is greater than", 1, at, passage, spoken),
            '#' => Number(passage, at, spoken),
            '@' when passage.IsLatin(at + 1) || passage[at + 1] == ' ' => Say("at", 1, at, passage, spoken),
            'x' when passage[at - 1] == ' ' && passage[at + 1] == ' ' && passage.IsDigit(at + 2)
                && EnglishSpeech.IsNumberBefore(passage, at - 1) && !passage.IsDigit(at - 2) => Say("by", 1, at, passage, spoken),
            'x' or 'X' when passage[at - 1] == ' ' && passage[at + 1] == ' ' && IsBetweenNumbers(passage, at) =>
                Say("times", 1, at, passage, spoken),
            '<' when passage.IsDigit(passage.SkipBlanks(at + 1)) && IsOpening(passage, at) => Say("less than", 1, at, passage, spoken),
            '>' when passage.IsDigit(passage.SkipBlanks(at + 1)) && IsOpening(passage, at) => Say("more than", 1, at, passage, spoken),
            '.' when WebAddressRule.IsEnding(passage, at) => Say("dot", 1, at, passage, spoken),
            >= '₀' and <= '₉' => Say(EnglishNumerals.Cardinal(passage[at] - '₀'), 1, at, passage, spoken),
            >= '①' and <= '⑳' => Say(EnglishNumerals.Cardinal(passage[at] - '①' + 1) + ",", 1, at, passage, spoken),
            _ => 0,
        };
    }

    /// <summary>Whether nothing that could be compared stands before a sign.</summary>
    private static bool IsOpening(Passage passage, int at) =>
        !char.IsLetterOrDigit(passage[passage.SkipBlanksBack(at) - 1])
            && passage[passage.SkipBlanksBack(at) - 1] is not (')' or '%' or '°');

    private static int Say(string words, int length, int at, Passage passage, StringBuilder spoken)
    {
        EnglishSpeech.Say(spoken, words, passage, at + length);
        return length;
    }

    private static int Gap(StringBuilder spoken)
    {
        spoken.Append(' ');
        return 1;
    }

    private static int Slash(Passage passage, int at, StringBuilder spoken)
    {
        if (passage.WordBefore(at).Length > 2 && EnglishUnits.At(passage, at + 1) is var (unit, end))
        {
            return Say($"per {unit.One}", end - at, at, passage, spoken); // people/km²
        }

        if (IsUnitBefore(passage, at))
        {
            return Say("per", 1, at, passage, spoken);
        }

        return char.IsLetterOrDigit(passage[at - 1]) && char.IsLetterOrDigit(passage[at + 1]) ? Gap(spoken) : 0;
    }

    private static bool IsUnitBefore(Passage passage, int at) =>
        passage.IsLatin(at + 1)
            && passage.WordBefore(at) is "miles" or "kilometers" or "meters" or "dollars" or "euros" or "times" or "calories" or "people"
            or "km" or "gallons" or "USD";

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
