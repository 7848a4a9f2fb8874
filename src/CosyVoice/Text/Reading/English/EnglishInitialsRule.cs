using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Letters with full stops: U.S. is US, Ph.D. PhD, J. K. Rowling J K Rowling, e.g. for example.</summary>
internal sealed class EnglishInitialsRule : IReadingRule
{
    private static readonly Dictionary<string, string> Spoken = new(StringComparer.OrdinalIgnoreCase)
    {
        ["e.g."] = "for example", ["i.e."] = "that is", ["a.k.a."] = "also known as", ["a.m."] = "AM", ["p.m."] = "PM",
        ["w.r.t."] = "with respect to",
    };

    private static readonly HashSet<string> BeforeNames = new(StringComparer.Ordinal)
    {
        "by", "and", "of", "to", "with", "from", "for", "was", "is", "when", "but", "author", "writer",
    };

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!char.IsAsciiLetter(passage[at]) || passage.IsLatin(at - 1) || passage.IsDigit(at - 1) || passage[at - 1] is '.' or '\'' or '’')
        {
            return 0;
        }

        var end = at;
        var parts = 0;
        while (char.IsAsciiLetter(passage[end]) && LetterEnd(passage, end) is var letterEnd && passage[letterEnd] == '.' && parts < 8)
        {
            end = letterEnd + 1;
            parts++;
        }

        return parts > 1 && !passage.IsLatin(end) ? Acronym(passage, at, end, spoken)
            : parts == 1 && end - at == 2 ? Initial(passage, at, spoken)
            : 0;
    }

    /// <summary>One letter, or two as the Ph of Ph.D.</summary>
    private static int LetterEnd(Passage passage, int at) =>
        passage[at + 1] is 'h' && passage[at] == 'P' && passage[at + 2] == '.' ? at + 2 : at + 1;

    private static int Acronym(Passage passage, int at, int end, StringBuilder spoken)
    {
        var written = passage.Slice(at, end);
        var words = Spoken.GetValueOrDefault(written) ?? written.Replace(".", "", StringComparison.Ordinal);
        var next = passage.SkipBlanks(end);
        var isEnd = !Spoken.ContainsKey(written) || words is "AM" or "PM" ? next >= passage.Length || passage[next] == '\n'
            || EnglishSpeech.OpensSentence(passage.WordAt(next)) : false;
        EnglishSpeech.Say(spoken, words, passage, end);
        if (isEnd)
        {
            spoken.Append('.');
        }

        return end - at + (words is "for example" or "that is" && passage[end] == ',' ? 1 : 0);
    }

    /// <summary>The J. of J. K. Rowling, but not the C. of "vitamin C. It".</summary>
    private static int Initial(Passage passage, int at, StringBuilder spoken)
    {
        var next = passage.SkipBlanks(at + 2);
        var isInitial = char.IsAsciiLetterUpper(passage[at]) && passage[at] != 'I' && next > at + 2 && char.IsUpper(passage[next])
            && (passage[next + 1] == '.' || (passage.WordAt(next).Length > 1 && !EnglishSpeech.OpensSentence(passage.WordAt(next))))
            && (passage[at - 1] is '\0' or ' ' or '(' or '"' or '“' or '\n') && !IsBehindNoun(passage.WordBefore(at));
        if (!isInitial)
        {
            return 0;
        }

        spoken.Append(passage[at]);
        return 2;
    }

    private static bool IsBehindNoun(string word) => word.Length > 0 && char.IsLower(word[0]) && !BeforeNames.Contains(word);
}
