using System.Text;

namespace CosyVoice.Text.Reading;

/// <summary>What another rule reads, without the blanks around it: in Chinese "3 + 5" has none when it is said.</summary>
internal sealed class WithoutBlanks(IReadingRule rule) : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        var before = spoken.Length;
        var length = rule.Read(passage, at, spoken);
        if (length == 0 || spoken.Length == before)
        {
            return length;
        }

        while (before > 0 && spoken[before - 1] == ' ' && spoken[before] != ' ')
        {
            spoken.Remove(--before, 1);
        }

        return passage.SkipBlanks(at + length) - at;
    }
}
