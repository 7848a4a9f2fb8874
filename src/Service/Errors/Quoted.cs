using System.Globalization;
using System.Text;

namespace CosyOrleans.Service.Errors;

/// <summary>Puts a value that somebody sent into a message: short, in quotes, with nothing that a terminal or log would act on.</summary>
public static class Quoted
{
    private const int Shown = 60;

    public static string Value(string value)
    {
        var quoted = new StringBuilder("'");
        var count = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            if (count++ == Shown)
            {
                quoted.Append('…');
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
            else
            {
                quoted.Append(rune.ToString());
            }
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>The first few of many, so that a message stays readable: "a, b, c and 20 more".</summary>
    public static string List(IReadOnlyCollection<string> values, int shown = 20)
    {
        var listed = string.Join(", ", values.Take(shown));
        return values.Count > shown ? $"{listed} and {values.Count - shown} more" : listed;
    }
}
