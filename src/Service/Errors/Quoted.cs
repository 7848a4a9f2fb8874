using System.Globalization;
using System.Text;

namespace CosyOrleans.Service.Errors;

/// <summary>Puts a value that somebody sent into a message: short, in quotes, with nothing that a terminal or log would act on.</summary>
public static class Quoted
{
    private const int Shown = 60;
    private const int ShownOfText = 300;

    public static string Value(string value) => $"'{Cleaned(value, Shown)}'";

    /// <summary>For words of our own around such a value: longer, and without quotes.</summary>
    public static string Plain(string text) => Cleaned(text, ShownOfText);

    private static string Cleaned(string value, int most)
    {
        var cleaned = new StringBuilder();
        var count = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            if (count++ == most)
            {
                cleaned.Append('…');
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)
            {
                cleaned.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
            else
            {
                cleaned.Append(rune.ToString());
            }
        }

        return cleaned.ToString();
    }

    /// <summary>The first few of many, so that a message stays readable: "a, b, c and 20 more".</summary>
    public static string List(IReadOnlyCollection<string> values, int shown = 20)
    {
        var listed = string.Join(", ", values.Take(shown));
        return values.Count > shown ? $"{listed} and {values.Count - shown} more" : listed;
    }
}
