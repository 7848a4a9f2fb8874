using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>English abbreviations that are not said as they are written.</summary>
internal sealed class ChineseWordRule : IReadingRule
{
    private static readonly (string Written, string Said)[] Words =
    [
        ("Mr.", "Mister"), ("Mrs.", "Missus"), ("Ms.", "Miz"), ("Dr.", "Doctor"), ("Prof.", "Professor"), ("St.", "Saint"), ("vs.", "对"),
        ("vs", "对"),
        ("VS", "对"), ("etc.", "等等"), ("e.g.", "例如"), ("i.e.", "也就是"),
    ];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!char.IsAsciiLetter(passage[at]) || passage.IsLatin(at - 1))
        {
            return 0;
        }

        if (passage.HasIgnoringCase(at, "No.") && passage.IsDigit(passage.SkipBlanks(at + 3)))
        {
            spoken.Append('第');
            return passage.SkipBlanks(at + 3) - at;
        }

        foreach (var (written, said) in Words)
        {
            if (passage.Has(at, written) && !passage.IsLatin(at + written.Length))
            {
                spoken.Append(said);
                return written.Length;
            }
        }

        return 0;
    }
}
