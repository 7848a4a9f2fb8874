using System.IO.Compression;
using System.Text;

namespace CosyOrleans.Service.Tests.Books;

/// <summary>A small EPUB, whose parts a test may replace.</summary>
internal sealed class TestBook
{
    public const string Navigation =
        """
        <html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>
        <nav epub:type="landmarks"><ol><li><a href="text/two.xhtml">No chapter</a></li></ol></nav>
        <nav epub:type="toc"><ol><li><a href="text/one.xhtml">The <b>Sea</b></a></li>
        <li><a href="text/two.xhtml">Storm</a><ol><li><a href="text/two.xhtml#calm">Calm &amp; after</a></li></ol></li></ol></nav></body></html>
        """;

    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    public Dictionary<string, byte[]> Files { get; } = new()
    {
        ["mimetype"] = "application/epub+zip"u8.ToArray(),
        ["META-INF/container.xml"] = Utf8("""<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"""),
        ["OPS/book.opf"] = Utf8(Package()),
        ["OPS/nav.xhtml"] = Utf8(Navigation),
        ["OPS/text/one.xhtml"] = Utf8(Document("<h1>The Sea</h1><p>It was&nbsp;calm.\n  Nobody<br/>spoke<a epub:type=\"noteref\" href=\"#n\">1</a>. Mr. Ray slept.</p><p>* * *</p>")),
        ["OPS/text/two.xhtml"] = Utf8(Document("<p>Wind &#8212; and <ruby>海<rt>hai</rt></ruby>。\n浪。</p><div id=\"calm\"><p>Then it ended.</p></div><script>no()</script>")),
        ["OPS/cover.png"] = Png,
    };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Document(string body) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
        <html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>No</title></head><body>{body}</body></html>
        """;

    public static string Package(string spine = """<itemref idref="one"/><itemref idref="cover" linear="no"/><itemref idref="two"/>""", string one = "text/one.xhtml") =>
        $"""
        <package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A  Voyage</dc:title>
        <dc:creator>Ann Lee</dc:creator><dc:creator>Bo</dc:creator></metadata>
        <manifest><item id="one" href="{one}" media-type="application/xhtml+xml"/><item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
        <item id="nav" href="nav.xhtml" properties="scripted nav" media-type="application/xhtml+xml"/><item id="cover" href="cover.png" properties="cover-image" media-type="image/png"/>
        </manifest><spine>{spine}</spine></package>
        """;

    public MemoryStream Write()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((var name, var content) in Files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        file.Position = 0;
        return file;
    }
}
