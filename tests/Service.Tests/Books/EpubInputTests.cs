using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Tests.Jobs;

namespace CosyOrleans.Service.Tests.Books;

public sealed class EpubInputTests : IAsyncLifetime
{
    private readonly TestBook _book = new();
    private JobBench _bench = null!;

    public async Task InitializeAsync() => _bench = await JobBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Read_Book_TakesTheSpineInOrderWithTheTitlesOfItsContents()
    {
        Assert.Equal(
            [
                ("The Sea", "The Sea"), (null, "It was calm. Nobody spoke. Mr. Ray slept."), ("Storm", "Wind — and 海。浪。"), ("Calm & after", "Then it ended."),
            ],
            await ItemsAsync());
    }

    [Fact]
    public async Task Read_Sentences_AreItemsOfTheirOwn() => Assert.Equal(
        ["The Sea", "It was calm.", "Nobody spoke.", "Mr. Ray slept.", "Wind — and 海。", "浪。", "Then it ended."], (await ItemsAsync("sentence")).Select(item => item.Text));

    [Fact]
    public async Task Read_Chapters_AreOneItemEach() => Assert.Equal(
        [("The Sea", "The Sea\nIt was calm. Nobody spoke. Mr. Ray slept."), ("Storm", "Wind — and 海。浪。"), ("Calm & after", "Then it ended.")],
        await ItemsAsync("chapter"));

    [Fact]
    public async Task Read_OlderBook_TakesTitlesFromItsNcx()
    {
        _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package().Replace("properties=\"scripted nav\" media-type=\"application/xhtml+xml\"", "media-type=\"application/x-dtbncx+xml\""));
        _book.Files["OPS/nav.xhtml"] = TestBook.Utf8(
            """
            <ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>Voyage</text></docTitle><navMap><navPoint><navLabel><text>First</text></navLabel>
            <content src="text/one.xhtml"/></navPoint><navPoint><navLabel><text>Second</text></navLabel><content src="text/two.xhtml"/></navPoint></navMap></ncx>
            """);

        Assert.Equal(["First", null, "Second", null], (await ItemsAsync()).Select(item => item.Chapter));
    }

    [Fact]
    public async Task Read_BookWithoutContents_HasAChapterForEachDocument()
    {
        _book.Files.Remove("OPS/nav.xhtml");

        Assert.Equal(["The Sea", null, "Wind — and 海。浪。", null], (await ItemsAsync()).Select(item => item.Chapter));
    }

    [Fact]
    public async Task Read_ObfuscatedFonts_AreNoProtection()
    {
        _book.Files["META-INF/encryption.xml"] = Encrypted("http://www.idpf.org/2008/embedding");

        Assert.Equal(4, (await ItemsAsync()).Count);
    }

    [Fact]
    public async Task Read_BadCharacter_NamesChapterFileAndParagraph()
    {
        _book.Files["OPS/text/two.xhtml"] = TestBook.Utf8(TestBook.Document("<p>Fine.</p><p>Not &#xFFFD; so.</p>"));

        Assert.Contains("Chapter 2 'Storm', file 'OPS/text/two.xhtml', paragraph 2: Character 5", (await FailAsync()).Message);
    }

    [Theory]
    [InlineData("drm", "protected (DRM)")]
    [InlineData("rights", "protected (DRM)")]
    [InlineData("lcp", "protected (DRM)")]
    [InlineData("bomb", "unpacks to more than 16 MiB at 'OPS/text/two.xhtml'")]
    [InlineData("bombs", "unpacks to more than 512 MiB")]
    [InlineData("entities", "'OPS/text/one.xhtml' in the book is not valid XML at line 1")]
    [InlineData("external", "'OPS/text/one.xhtml' in the book is not valid XML at line 1")]
    [InlineData("outside", "The book refers to '../../../etc/passwd', which is not a path in it")]
    [InlineData("absolute", "The book refers to '/etc/passwd'")]
    [InlineData("missing", "The book names 'OPS/text/none.xhtml', which is not in it")]
    [InlineData("unlisted", "names 'none', which is not in its manifest")]
    [InlineData("empty", "names nothing to read")]
    [InlineData("zip", "it is a ZIP file, but no EPUB")]
    [InlineData("encoding", "'OPS/text/one.xhtml' in the book is not valid UTF-8")]
    [InlineData("torn", "'OPS/text/one.xhtml' in the book is not valid XML")]
    [InlineData("many", "holds more than 20,000 files")]
    public async Task Read_HostileBook_IsRefusedAndSaysWhy(string kind, string message)
    {
        switch (kind)
        {
            case "drm": _book.Files["META-INF/encryption.xml"] = Encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc"); break;
            case "rights": _book.Files["META-INF/rights.xml"] = []; break;
            case "lcp": _book.Files["META-INF/license.lcpl"] = []; break;
            case "bomb": _book.Files["OPS/text/two.xhtml"] = TestBook.Utf8(TestBook.Document($"<p>{new string('a', 17_000_000)}</p>")); break;
            case "bombs":
                _book.Files["OPS/text/two.xhtml"] = TestBook.Utf8(TestBook.Document($"<!--{new string('a', 15_000_000)}-->"));
                _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package(string.Concat(Enumerable.Repeat("<itemref idref=\"two\"/>", 40))));
                break;
            case "entities": One("<!DOCTYPE html [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><html><body><p>&b;</p></body></html>"); break;
            case "external": One("<!DOCTYPE html [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><html><body><p>&a;</p></body></html>"); break;
            case "outside": _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package(one: "../../../etc/passwd")); break;
            case "absolute": _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package(one: "/etc/passwd")); break;
            case "missing": _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package(one: "text/none.xhtml")); break;
            case "unlisted": _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package("<itemref idref=\"none\"/>")); break;
            case "empty": _book.Files["OPS/book.opf"] = TestBook.Utf8(TestBook.Package("")); break;
            case "zip": _book.Files.Remove("META-INF/container.xml"); break;
            case "encoding": _book.Files["OPS/text/one.xhtml"] = [.. TestBook.Utf8("<p>"), 0xC3, 0x28, .. TestBook.Utf8("</p>")]; break;
            case "torn": One("<html><body><p>One"); break;
            default: Enumerable.Range(0, 20_001).ToList().ForEach(n => _book.Files[$"f{n}"] = []); break;
        }

        Assert.Contains(message, (await FailAsync()).Message);
    }

    [Fact]
    public async Task Read_AnyByteChanged_IsABookOrRefusedClearly()
    {
        var whole = _book.Write().ToArray();
        for (var at = 0; at < whole.Length; at += 3)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            await ReadOrRefuseAsync(damaged);
            await ReadOrRefuseAsync(whole[..at]);
        }
    }

    private void One(string xml) => _book.Files["OPS/text/one.xhtml"] = TestBook.Utf8(xml);

    private static byte[] Encrypted(string algorithm) => TestBook.Utf8(
        $"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>""");

    private async Task<List<(string? Chapter, string Text)>> ItemsAsync(string? split = null)
    {
        using var order = await _bench.OrderAsync(_book.Write(), JobInput.Epub, new JobDefaults { Split = split });
        return [.. order.Items().Select(item => (item.Chapter, item.Text))];
    }

    private async Task<SpeechException> FailAsync()
    {
        var error = await Assert.ThrowsAsync<SpeechException>(() => ItemsAsync());
        Assert.Equal(SpeechErrorKind.Invalid, error.Kind);
        Assert.NotEmpty(error.Solution);
        Assert.Empty(Directory.GetDirectories(LocalOrders));
        return error;
    }

    private string LocalOrders => Path.Combine(_bench.Data, "jobs", ".new");

    private async Task ReadOrRefuseAsync(byte[] file)
    {
        try
        {
            using var order = await _bench.OrderAsync(new MemoryStream(file), JobInput.Epub);
            Assert.NotEmpty(order.Items());
        }
        catch (SpeechException e)
        {
            Assert.Equal(SpeechErrorKind.Invalid, e.Kind);
        }
    }
}
