using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>What several English rules share: blanks around what is said, and the words around a number.</summary>
internal static class EnglishSpeech
{
    private static readonly HashSet<string> Determiners = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "this", "that", "each", "every", "my", "your", "his", "her", "our", "their", "its", "another",
    };

    private static readonly HashSet<string> NoNouns = new(StringComparer.Ordinal)
    {
        "of", "in", "on", "at", "to", "for", "and", "or", "is", "was", "are", "were", "per", "from", "with", "by", "as", "than",
        "a", "the", "an", "away", "over", "under", "long", "tall", "high", "wide", "deep", "ago", "now", "later", "each", "every",
        "more", "less", "but", "if", "when", "that", "which", "into", "off", "up", "down", "after", "before", "between", "so",
        "all", "only", "today", "will", "would", "can", "could", "has", "had", "have", "it", "he", "she", "we", "they", "you",
        "daily", "total", "be", "does", "did", "thick", "old", "apart", "left", "right", "north", "south", "east", "west", "out",
        "because", "while", "since", "until", "above", "below", "higher", "lower", "longer", "warmer", "colder", "faster", "slower",
        "minus", "plus",
    };

    private static readonly HashSet<string> Plurals = new(StringComparer.Ordinal)
    {
        "people", "men", "women", "children", "feet", "percent", "million", "billion", "thousand",
    };

    /// <summary>Words with an s that are no plural.</summary>
    private static readonly HashSet<string> Verbs = new(StringComparer.Ordinal)
    {
        "this", "does", "always", "comes", "begins", "starts", "ends", "marks", "brings", "remains", "looks", "sees", "seems", "shows",
        "thus",
    };

    private static readonly HashSet<string> Openings = new(StringComparer.Ordinal)
    {
        "The", "It", "He", "She", "We", "They", "Then", "This", "That", "But", "And", "In", "A", "An", "You", "I", "So", "If", "When",
        "There", "My",
        "His", "Her", "What", "Who", "How",
    };

    /// <summary>Whether a word begins sentences and hardly any name, so that a full stop in front of it ends one.</summary>
    public static bool OpensSentence(string word) => Openings.Contains(word);

    /// <summary>Appends words, set off by a blank from letters before and behind.</summary>
    public static void Say(StringBuilder spoken, string words, Passage passage, int end)
    {
        if (words.Length == 0)
        {
            return;
        }

        if (spoken.Length > 0 && (char.IsLetterOrDigit(spoken[^1]) || spoken[^1] is '.' or '°' or ')' or ']' or '%'))
        {
            spoken.Append(' ');
        }

        spoken.Append(words);
        if (char.IsLetterOrDigit(passage[end]))
        {
            spoken.Append(' ');
        }
    }

    /// <summary>Whether a quantity stands before its noun, where its unit has no plural: a 10 lb bag.</summary>
    public static bool IsAttributive(Passage passage, int at, int end)
    {
        var next = passage[end] is ' ' or '-' ? passage.WordAt(end + 1) : "";
        if (next.Length < 2 || !char.IsLower(next[0]) || NoNouns.Contains(next) || next.EndsWith("ly", StringComparison.Ordinal))
        {
            return false;
        }

        at = RangeStart(passage, at);
        var before = passage.WordBefore(at);
        return Determiners.Contains(before)
            || (before.Length > 0 && char.IsLower(before[0])
            && passage.WordBefore(passage.SkipBlanksBack(at) - before.Length) is "a" or "an" or "A" or "An");
    }

    /// <summary>Where the range begins that the number at a position ends: a 5-10 km run.</summary>
    private static int RangeStart(Passage passage, int at)
    {
        if (!passage.IsDash(at - 1) || !passage.IsDigit(at - 2))
        {
            return at;
        }

        var start = at - 2;
        while (at - start < 8 && (passage.IsDigit(start - 1) || passage[start - 1] is '.' or ','))
        {
            start--;
        }

        return start;
    }

    /// <summary>Whether the word behind a number is a plural, so that the number counts.</summary>
    public static bool IsPluralNext(Passage passage, int end)
    {
        var word = passage[end] == ' ' ? passage.WordAt(end + 1) : "";
        return Plurals.Contains(word)
            || (word.Length > 3 && char.IsLower(word[0]) && word[^1] == 's' && !word.EndsWith("ss", StringComparison.Ordinal)
            && !Verbs.Contains(word));
    }

    /// <summary>Whether a number, or one with a unit of up to three characters, ends in front of a position.</summary>
    public static bool IsNumberBefore(Passage passage, int at)
    {
        if (passage.HasIgnoringCase(at - 4, "a.m.") || passage.HasIgnoringCase(at - 4, "p.m."))
        {
            return true;
        }

        for (var back = 1; back <= 4; back++)
        {
            if (passage.IsDigit(at - back))
            {
                return back == 1 ? !passage.HangsOnLetter(at - 1) : true;
            }

            if (!char.IsAsciiLetterLower(passage[at - back])
                && passage[at - back] is not ('%' or '°' or 'C' or 'F' or 'M' or 'K' or 'B' or '.' or '"' or '²' or ' '))
            {
                return false;
            }
        }

        return false;
    }
}
