using System.Text;

namespace CosyVoice.Text.Reading;

/// <summary>
/// Reads a passage from left to right: at each position the first rule that knows what begins there, else the character itself.
/// </summary>
internal sealed class RuleReader(IReadOnlyList<IReadingRule> rules)
{
    public string Read(string text)
    {
        var passage = new Passage(text);
        var spoken = new StringBuilder(2 * text.Length);
        for (var at = 0; at < text.Length;)
        {
            var length = 0;
            for (var rule = 0; rule < rules.Count && length == 0; rule++)
            {
                length = rules[rule].Read(passage, at, spoken);
            }

            if (length == 0)
            {
                spoken.Append(text[at]);
                length = 1;
            }

            at += length;
        }

        return spoken.ToString();
    }
}
