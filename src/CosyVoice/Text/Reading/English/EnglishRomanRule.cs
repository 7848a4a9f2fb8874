using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Roman numerals: Chapter IV is chapter four, Henry VIII Henry the eighth, the XXI century the twenty-first century.</summary>
internal sealed class EnglishRomanRule : IReadingRule
{
    private static readonly HashSet<string> Numbered = new(StringComparer.OrdinalIgnoreCase)
    {
        "Chapter", "Part", "Section", "Act", "Scene", "Book", "Volume", "Vol", "Type", "Phase", "War", "Bowl", "Article", "Title",
        "Appendix", "Stage", "Grade", "Class", "Level", "Mark", "Episode", "Season", "Round", "Division", "Group", "Area",
        "Schedule", "Table", "Figure", "Fig", "Canto", "Psalm", "Sonata", "Symphony",
    };

    private static readonly HashSet<string> Rulers = new(StringComparer.Ordinal)
    {
        "Henry", "Louis", "Elizabeth", "Charles", "George", "James", "Edward", "Richard", "William", "Mary", "Paul", "Pius",
        "Benedict", "Gregory", "Nicholas", "Alexander", "Catherine", "Peter", "Philip", "Ramses", "Ramesses", "Napoleon",
        "Frederick", "Francis", "Felipe", "Carl", "Gustav", "Haakon", "Leo", "Clement", "Innocent", "Urban", "Margaret", "Emmanuel",
        "Xerxes", "Darius", "Ptolemy", "Ivan", "Wilhelm", "Ferdinand", "Isabella", "Alfonso", "Juan", "Harald", "Olaf", "Christian",
        "Albert", "Leopold", "Baudouin", "Umberto", "Julius", "Sixtus", "Boniface", "Constantine", "Theodosius", "Mehmed", "Selim",
        "Murad", "Suleiman", "Cleopatra",
    };

    private static readonly HashSet<string> Sovereigns = new(StringComparer.Ordinal) { "King", "Queen", "Pope", "Emperor", "Tsar",
        "Czar", "Empress", "Kaiser", "Sultan", "Saint" };

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (RomanNumeral.At(passage, at) is not var (value, end) || (end - at == 1 && passage[end] is '\'' or '’' or '-'))
        {
            return 0;
        }

        var before = passage.WordBefore(at);
        var words = passage[end] == ' ' && passage.WordAt(end + 1) is "century" or "centuries" ? EnglishNumerals.Ordinal(value)
            : Numbered.Contains(before) ? EnglishNumerals.Cardinal(value)
            : Rulers.Contains(before) && IsRuler(passage, at, end, before) ? "the " + EnglishNumerals.Ordinal(value)
            : passage[at] > 'z'
            || (end - at > 1 && before.Length > 1 && char.IsUpper(before[0]) && passage[at - 1] == ' ' && !before.All(char.IsUpper))
            ? EnglishNumerals.Cardinal(value)
            : "";
        EnglishSpeech.Say(spoken, words, passage, end);
        return words.Length > 0 ? end - at : 0;
    }

    /// <summary>Charles I is a king, but "George I said" is not.</summary>
    private static bool IsRuler(Passage passage, int at, int end, string name) =>
        end - at > 1 || passage[at] is not 'I' || Sovereigns.Contains(passage.WordBefore(passage.SkipBlanksBack(at) - name.Length));
}
