using System.Xml;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Books;

/// <summary>What the package document of a book says: title, author, cover, and which files are read in which order.</summary>
internal sealed class EpubPackage
{
    private const string Container = "META-INF/container.xml";
    private const string Encryption = "META-INF/encryption.xml";
    private const string Repair = "Repair the book, for example with the program epubcheck, and send it again.";

    // Of fonts, which nobody hears; anything else is encrypted for a reader that we are not.
    private static readonly string[] FontObfuscation = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

    private readonly Dictionary<string, Entry> _manifest = [];
    private readonly List<string> _spine = [];
    private string? _coverId;
    private string? _contentsId;

    private EpubPackage(string path) => Path = path;

    /// <summary>Of the package document; paths in it are relative to this.</summary>
    public string Path { get; }

    public string? Title { get; private set; }

    public string? Author { get; private set; }

    /// <summary>Paths of the documents in reading order.</summary>
    public IReadOnlyList<string> Documents => [.. _spine.Select(id => Resolve(
        Path, (_manifest.GetValueOrDefault(id) ?? throw new JobInputException($"The spine of the book names {Quoted.Value(id)}, which is not in its manifest.", Repair)).Href))];

    /// <summary>Path of the navigation document or, in older books, of the NCX.</summary>
    public string? Contents => (_manifest.Values.FirstOrDefault(entry => entry.Properties.Contains("nav"))
        ?? _manifest.GetValueOrDefault(_contentsId ?? "")
        ?? _manifest.Values.FirstOrDefault(entry => entry.Type == "application/x-dtbncx+xml")) is { } entry ? Resolve(Path, entry.Href) : null;

    public string? Cover => (_manifest.Values.FirstOrDefault(entry => entry.Properties.Contains("cover-image")) ?? _manifest.GetValueOrDefault(_coverId ?? "")) is { } entry
        ? Resolve(Path, entry.Href)
        : null;

    /// <exception cref="JobInputException">It is no book, or an encrypted one.</exception>
    public static EpubPackage Open(EpubArchive archive)
    {
        CheckProtection(archive);
        if (!archive.Has(Container))
        {
            throw new JobInputException($"There is no {Container} in the file: it is a ZIP file, but no EPUB.", "Send an EPUB file.");
        }

        var root = archive.ReadXml(Container, reader => Follow(reader, "rootfile") ? reader.GetAttribute("full-path") : null)
            ?? throw new JobInputException($"{Container} names no package document.", Repair);
        var package = new EpubPackage(Resolve("", Uri.EscapeDataString(root).Replace("%2F", "/", StringComparison.Ordinal)));
        archive.ReadXml(package.Path, package.Read);
        return package._spine.Count > 0 ? package : throw new JobInputException($"{Quoted.Value(package.Path)} names nothing to read.", Repair);
    }

    /// <summary>The path in the archive that a reference in a file means, without what follows '#'.</summary>
    /// <exception cref="JobInputException">It leads out of the archive.</exception>
    public static string Resolve(string from, string reference)
    {
        var path = Uri.UnescapeDataString(reference.Split('#')[0]);
        var isOutside = path.StartsWith('/') || path.Contains('\\') || path.Contains(':');
        List<string> parts = [.. from.Split('/').SkipLast(1)];
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count == 0)
            {
                isOutside = true;
            }
            else if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return isOutside
            ? throw new JobInputException($"The book refers to {Quoted.Value(reference)}, which is not a path in it.", Repair)
            : string.Join('/', parts);
    }

    private static void CheckProtection(EpubArchive archive)
    {
        var isProtected = archive.Has("META-INF/rights.xml") || archive.Has("META-INF/license.lcpl") || archive.Has("META-INF/sinf.xml");
        if (!isProtected && archive.Has(Encryption))
        {
            isProtected = archive.ReadXml(Encryption, reader =>
            {
                var others = 0;
                while (Follow(reader, "EncryptionMethod"))
                {
                    others += FontObfuscation.Contains(reader.GetAttribute("Algorithm")) ? 0 : 1;
                }

                return others > 0;
            });
        }

        if (isProtected)
        {
            throw new JobInputException("The book is protected (DRM): its text is encrypted.", "Send a book without protection, which its shop or author may offer.");
        }
    }

    // In whatever namespace: some books have none.
    private static bool Follow(XmlReader reader, string name)
    {
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == name)
            {
                return true;
            }
        }

        return false;
    }

    private bool Read(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (reader.LocalName)
            {
                case "title" or "creator" when reader.NamespaceURI.Contains("purl.org/dc", StringComparison.Ordinal):
                    var isTitle = reader.LocalName == "title";
                    var text = XhtmlText.Collapse(XhtmlText.ContentOf(reader));
                    (Title, Author) = isTitle ? (Title ?? text, Author) : (Title, Author is null ? text : $"{Author}, {text}");
                    break;
                case "meta" when reader.GetAttribute("name") == "cover":
                    _coverId = reader.GetAttribute("content");
                    break;
                case "item" when reader.GetAttribute("id") is { } id && reader.GetAttribute("href") is { } href:
                    _manifest[id] = new Entry(href, reader.GetAttribute("media-type"), (reader.GetAttribute("properties") ?? "").Split(' '));
                    break;
                case "spine":
                    _contentsId = reader.GetAttribute("toc");
                    break;
                case "itemref" when reader.GetAttribute("idref") is { } idref && reader.GetAttribute("linear") != "no":
                    _spine.Add(idref);
                    break;
            }
        }

        return true;
    }

    private sealed record Entry(string Href, string? Type, string[] Properties);
}
