using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Shortened words that are said in full: Mr., Prof., Baker St., etc., vs., w/o, Fig. 3.</summary>
internal sealed class EnglishAbbreviationRule : IReadingRule
{
    /// <summary>Before a name; they never end a sentence.</summary>
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["Mr"] = "Mister", ["Mrs"] = "Missus", ["Ms"] = "Miz", ["Prof"] = "Professor", ["Capt"] = "Captain", ["Lt"] = "Lieutenant",
        ["Gen"] = "General",
        ["Col"] = "Colonel", ["Sgt"] = "Sergeant", ["Maj"] = "Major", ["Cpl"] = "Corporal", ["Gov"] = "Governor", ["Sen"] = "Senator",
        ["Rep"] = "Representative",
        ["Rev"] = "Reverend", ["Hon"] = "Honorable", ["Pres"] = "President", ["Mt"] = "Mount", ["Ft"] = "Fort", ["Adm"] = "Admiral",
        ["Cmdr"] = "Commander", ["Msgr"] = "Monsignor",
        ["Supt"] = "Superintendent", ["Det"] = "Detective", ["Insp"] = "Inspector", ["Fr"] = "Father",
    };

    /// <summary>Anywhere.</summary>
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["etc"] = "et cetera", ["vs"] = "versus", ["Vs"] = "versus", ["approx"] = "approximately", ["Approx"] = "approximately",
        ["Inc"] = "Incorporated", ["Ltd"] = "Limited",
        ["Corp"] = "Corporation", ["Co"] = "Company", ["Bros"] = "Brothers", ["Jr"] = "Junior", ["Sr"] = "Senior",
        ["dept"] = "department", ["Dept"] = "Department",
        ["govt"] = "government", ["Govt"] = "Government", ["max"] = "maximum", ["min"] = "minimum", ["avg"] = "average",
        ["est"] = "estimated", ["incl"] = "including",
        ["excl"] = "excluding", ["misc"] = "miscellaneous", ["Univ"] = "University", ["Assn"] = "Association", ["al"] = "al",
        ["Ave"] = "Avenue", ["Blvd"] = "Boulevard",
        ["Rd"] = "Road", ["Hwy"] = "Highway", ["Pkwy"] = "Parkway", ["Apt"] = "Apartment", ["Esq"] = "Esquire", ["cf"] = "compare",
        ["viz"] = "namely", ["ca"] = "circa",
        ["intl"] = "international", ["Intl"] = "International", ["Mfg"] = "Manufacturing", ["tel"] = "telephone", ["Tel"] = "Telephone",
        ["ext"] = "extension", ["Ext"] = "Extension",
    };

    /// <summary>Before a number.</summary>
    private static readonly Dictionary<string, string> Numbered = new(StringComparer.Ordinal)
    {
        ["No"] = "number", ["NO"] = "number", ["no"] = "number", ["Nos"] = "numbers", ["Fig"] = "Figure", ["fig"] = "figure",
        ["Figs"] = "Figures", ["p"] = "page", ["pp"] = "pages", ["P"] = "page",
        ["Vol"] = "Volume", ["vol"] = "volume", ["Ch"] = "Chapter", ["Chap"] = "Chapter", ["chap"] = "chapter", ["ch"] = "chapter",
        ["Sec"] = "Section", ["sec"] = "section", ["Eq"] = "Equation", ["eq"] = "equation",
        ["Art"] = "Article", ["c"] = "circa", ["Op"] = "Opus", ["Ex"] = "Example", ["Pt"] = "Part", ["Ver"] = "Version",
        ["ver"] = "version",
    };

    /// <summary>Without a full stop; a single letter only behind "degrees".</summary>
    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal)
    {
        ["WWI"] = "World War one", ["WWII"] = "World War two", ["WW"] = "World War", ["F"] = "Fahrenheit", ["C"] = "Celsius",
    };

    private static readonly HashSet<string> Prepositions = new(StringComparer.Ordinal) { "Near", "The", "In", "On", "At", "To", "From",
        "By", "Dear", "And", "When", "But" };

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!char.IsAsciiLetter(passage[at]) || passage.IsLatin(at - 1) || passage.IsDigit(at - 1) || passage[at - 1] is '\'' or '’')
        {
            return 0;
        }

        if (WithSlash(passage, at) is var (with, length))
        {
            EnglishSpeech.Say(spoken, with, passage, at + length);
            return length;
        }

        var word = passage.WordAt(at);
        var end = at + word.Length;
        if (word is "vs"
            || (word == "v" && passage[end] == '.' && char.IsUpper(passage[passage.SkipBlanks(end + 1)])
            && passage.WordBefore(at) is [>= 'A' and <= 'Z', ..]))
        {
            return Say("versus", passage[end] == '.' ? end + 1 : end, at, passage, spoken);
        }

        if (Letters.TryGetValue(word, out var letters)
            && (word.Length > 2 || (word == "WW" ? passage.IsDigit(end) : passage.WordBefore(at) is "degrees" or "degree")))
        {
            return Say(letters, end, at, passage, spoken);
        }

        if (passage[end] != '.')
        {
            return 0;
        }

        var next = passage.SkipBlanks(end + 1);
        if (word is "St" or "Dr")
        {
            return Ambiguous(passage, at, end, next, word == "St", spoken);
        }

        if (Titles.TryGetValue(word, out var title) && (char.IsUpper(passage[next]) || passage.Has(next, "and ")))
        {
            return Say(title, end + 1, at, passage, spoken);
        }

        if (Numbered.TryGetValue(word, out var name)
            && (passage.IsDigit(next) || (word.Length > 1 && word is not ("No" or "no") && RomanNumeral.At(passage, next) is not null)))
        {
            return Say(name, end + 1, at, passage, spoken);
        }

        if (!Words.TryGetValue(word, out var full)
            || (word is "min" or "max" or "al" or "ca" or "est" or "Co" or "tel" && next >= passage.Length))
        {
            return 0;
        }

        return Say(full, EndsSentence(passage, next) ? end : end + 1, at, passage, spoken);
    }

    /// <summary>St. is Saint before a name and Street behind one; Dr. likewise Doctor and Drive.</summary>
    private static int Ambiguous(Passage passage, int at, int end, int next, bool isStreet, StringBuilder spoken)
    {
        var before = passage[at - 1] == ' ' ? passage.WordBefore(at) : "";
        var isBehindName = before.Length > 0 && char.IsUpper(before[0]) && !Prepositions.Contains(before) && passage[at - 2] != '.'
            && !Titles.ContainsKey(before);
        var isBeforeName = char.IsUpper(passage[next]) && next > end + 1;
        if (isBeforeName && !isBehindName)
        {
            return Say(isStreet ? "Saint" : "Doctor", end + 1, at, passage, spoken);
        }

        return isBehindName ? Say(isStreet ? "Street" : "Drive", EndsSentence(passage, next) ? end : end + 1, at, passage, spoken) : 0;
    }

    private static (string Words, int Length)? WithSlash(Passage passage, int at) =>
        passage.Has(at, "w/o") && !passage.IsLatin(at + 3) ? ("without", 3)
        : passage.Has(at, "w/") && passage[at + 2] is ' ' ? ("with", 2)
        : passage.Has(at, "y/o") && !passage.IsLatin(at + 3) ? ("years old", 3)
        : passage.Has(at, "b/c") && !passage.IsLatin(at + 3) ? ("because", 3)
        : null;

    /// <summary>Then the full stop stays: at the end of the text, and before a capital letter.</summary>
    private static bool EndsSentence(Passage passage, int next) =>
        next >= passage.Length || passage[next - 1] == '\n'
            || (char.IsUpper(passage[next]) && EnglishSpeech.OpensSentence(passage.WordAt(next)));

    private static int Say(string words, int end, int at, Passage passage, StringBuilder spoken)
    {
        EnglishSpeech.Say(spoken, words, passage, end);
        return end - at;
    }
}
