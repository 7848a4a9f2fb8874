using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>The last step of an English text: one blank at most, none before a mark, and no sign that nobody says.</summary>
internal static class EnglishTidy
{
    private const string Dropped = "*#|\\`^~[]{}<>$•●■◆▲►▶※†‡○◎□◇←↑↓\u200b\u200c\u200d\ufeff\u2060";
    private const string Marks = ".,!?;:";

    public static string Tidy(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character) || character is '_' or '|')
            {
                Blank(result);
            }
            else if (Marks.Contains(character))
            {
                Mark(result, character);
            }
            else if (!Dropped.Contains(character))
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }

    private static void Blank(StringBuilder result)
    {
        if (result.Length > 0 && result[^1] != ' ')
        {
            result.Append(' ');
        }
    }

    private static void Mark(StringBuilder result, char mark)
    {
        if (result.Length > 1 && result[^1] == ' ' && (char.IsLetterOrDigit(result[^2]) || result[^2] is ')' or '"' or '”' or '\''))
        {
            result.Length--;
        }

        result.Append(mark);
    }
}
