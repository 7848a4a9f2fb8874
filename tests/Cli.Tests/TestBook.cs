using System.Globalization;
using System.IO.Compression;

namespace CosyOrleans.Cli.Tests;

/// <summary>An EPUB with so many chapters of a heading and so many paragraphs.</summary>
internal static class TestBook
{
    public static async Task WriteAsync(string path, int chapters, int paragraphs)
    {
        await using var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
        var numbers = Enumerable.Range(1, chapters).ToList();
        await AddAsync(zip, "META-INF/container.xml", "<container><rootfiles><rootfile full-path=\"book.opf\"/></rootfiles></container>");
        await AddAsync(zip, "book.opf", Line($"""
            <package><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Voyage</dc:title><dc:creator>Ann Lee</dc:creator></metadata><manifest>
            {string.Concat(numbers.Select(n => Line($"<item id=\"c{n}\" href=\"c{n}.xhtml\"/>")))}</manifest><spine>{string.Concat(numbers.Select(n => Line($"<itemref idref=\"c{n}\"/>")))}</spine></package>
            """));
        foreach (var n in numbers)
        {
            var text = Enumerable.Range(1, paragraphs).Select(p => Line($"<p>Of chapter {n} this is paragraph {p}.</p>"));
            await AddAsync(zip, Line($"c{n}.xhtml"), Line($"<html><body><h1>Chapter {n}</h1>{string.Concat(text)}</body></html>"));
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static async Task AddAsync(ZipArchive zip, string name, string content)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync();
        await using var writer = new StreamWriter(entry);
        await writer.WriteAsync(content);
    }
}
