using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Books;

/// <summary>The items of an EPUB, in the order of its spine, each chapter beginning with one that names it.</summary>
internal static class BookItems
{
    /// <param name="file">Can seek; is read while the items are.</param>
    /// <param name="longest">Characters of an item; longer ones are cut between sentences.</param>
    /// <exception cref="JobInputException">It is no book that can be read.</exception>
    public static Book Open(Stream file, TextUnit unit, int longest)
    {
        var archive = new EpubArchive(file);
        var package = EpubPackage.Open(archive);
        var contents = EpubContents.Read(archive, package);
        return new Book(
            package.Title is { Length: > 0 } title ? Shorten(title) : null,
            package.Author is { Length: > 0 } author ? Shorten(author) : null,
            Cover(archive, package),
            Items(archive, package, contents, unit, longest));
    }

    /// <summary>A title that fits where titles are kept.</summary>
    public static string Shorten(string title)
    {
        const int Most = JobLimits.MaxTitleLength;
        return title.Length <= Most ? title : $"{title[..(char.IsHighSurrogate(title[Most - 2]) ? Most - 2 : Most - 1)]}…";
    }

    private static IEnumerable<OrderedItem> Items(EpubArchive archive, EpubPackage package, EpubContents contents, TextUnit unit, int longest)
    {
        var number = 0;
        foreach (var path in package.Documents)
        {
            var title = contents.TitleAt(path, null);
            var read = archive.ReadXml(path, reader => XhtmlText.Read(reader, place => contents.TitleAt(path, place)))
                .Where(paragraph => Sentences.AreIn(paragraph.Text) || paragraph.Chapter is not null).ToList();
            if (contents.IsEmpty && read.Count > 0)
            {
                title = Shorten(read[0].Text);
            }

            var where = "";
            for (var i = 0; i < read.Count; i++)
            {
                title = read[i].Chapter ?? title;
                number += title is null ? 0 : 1;
                where = title is null ? where : $"Chapter {number.ToString(CultureInfo.InvariantCulture)} {Quoted.Value(title)}, ";
                var texts = new List<string> { read[i].Text };
                var first = i;
                while (unit == TextUnit.Chapter && i + 1 < read.Count && read[i + 1].Chapter is null)
                {
                    texts.Add(read[++i].Text);
                }

                foreach (var text in Units(texts, unit, longest).Where(Sentences.AreIn))
                {
                    yield return OrderedItem.OfText($"{where}file {Quoted.Value(path)}, paragraph {(first + 1).ToString(CultureInfo.InvariantCulture)}", text, title);
                    title = null;
                }
            }
        }
    }

    private static IEnumerable<string> Units(List<string> texts, TextUnit unit, int longest) => unit switch
    {
        TextUnit.Sentence => Sentences.Of(texts[0]).SelectMany(sentence => Sentences.Fit(sentence, longest)),
        TextUnit.Chapter => Sentences.Join(texts.SelectMany(text => Sentences.Fit(text, longest)), longest, "\n"),
        _ => Sentences.Fit(texts[0], longest),
    };

    // A book is no worse for a cover that cannot be shown.
    private static BookCover? Cover(EpubArchive archive, EpubPackage package) =>
        package.Cover is { } path && archive.Has(path) && archive.Read(path) is var content && BookCover.IsPicture(content) ? new BookCover(content) : null;
}
