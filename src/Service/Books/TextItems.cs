using System.Text;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Books;

/// <summary>The items of a plain text. What has no letter, character or digit in it is none.</summary>
internal static class TextItems
{
    /// <param name="longest">Characters of an item; longer ones are cut between sentences.</param>
    public static IEnumerable<OrderedItem> Read(Stream stream, TextUnit unit, int longest)
    {
        foreach ((var line, var text) in unit == TextUnit.Line ? new BoundedLines(stream).ReadLines() : Paragraphs(stream))
        {
            var units = unit == TextUnit.Sentence ? Sentences.Of(text) : [text.Trim()];
            foreach (var item in units.SelectMany(item => Sentences.Fit(item, longest)).Where(Sentences.AreIn))
            {
                yield return OrderedItem.OfText($"Line {BoundedLines.Number(line)}", item);
            }
        }
    }

    private static IEnumerable<(int Line, string Text)> Paragraphs(Stream stream)
    {
        var paragraph = new StringBuilder();
        var first = 1;
        foreach ((var number, var line) in new BoundedLines(stream).ReadLines())
        {
            var text = line.Trim();
            if (text.Length == 0 && paragraph.Length > 0)
            {
                yield return (first, paragraph.ToString());
                paragraph.Clear();
            }

            if (text.Length == 0)
            {
                continue;
            }

            first = paragraph.Length == 0 ? number : first;
            if (paragraph.Length > 0 && !Sentences.IsIdeographic(paragraph[^1]))
            {
                paragraph.Append(' ');
            }

            foreach (var c in text)
            {
                BoundedLines.Append(paragraph, c, first);
            }
        }

        if (paragraph.Length > 0)
        {
            yield return (first, paragraph.ToString());
        }
    }
}
