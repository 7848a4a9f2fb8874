using System.Xml;

namespace CosyOrleans.Service.Books;

/// <summary>The table of contents: at which places of which documents chapters begin, and their titles.</summary>
internal sealed class EpubContents
{
    private const string OpsNamespace = "http://www.idpf.org/2007/ops";

    private readonly Dictionary<(string Path, string? Place), string> _titles = [];

    /// <summary>Nothing is known of chapters: each document is one.</summary>
    public bool IsEmpty => _titles.Count == 0;

    public static EpubContents Read(EpubArchive archive, EpubPackage package)
    {
        var contents = new EpubContents();
        if (package.Contents is { } path && archive.Has(path))
        {
            archive.ReadXml(path, reader => contents.Read(reader, path));
        }

        return contents;
    }

    /// <summary>Title of the chapter that begins at an element of a document, or with the document where <paramref name="place"/> is null.</summary>
    public string? TitleAt(string path, string? place) => _titles.GetValueOrDefault((path, place));

    private bool Read(XmlReader reader, string path)
    {
        string? label = null;
        var inContents = false;
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "nav")
            {
                inContents = false;
            }

            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.LocalName == "nav")
            {
                inContents = (reader.GetAttribute("type", OpsNamespace) ?? "toc").Split(' ').Contains("toc");
            }
            else if (reader.LocalName == "a" && inContents && reader.GetAttribute("href") is { } href)
            {
                Add(path, href, XhtmlText.ContentOf(reader));
            }
            else if (reader.LocalName == "navLabel")
            {
                label = XhtmlText.ContentOf(reader);
            }
            else if (reader.LocalName == "content" && reader.GetAttribute("src") is { } source && label is not null)
            {
                Add(path, source, label);
                label = null;
            }
        }

        return true;
    }

    private void Add(string path, string reference, string title)
    {
        title = XhtmlText.Collapse(title);
        if (title.Length > 0 && !reference.Contains("://", StringComparison.Ordinal))
        {
            var place = reference.Contains('#') ? Uri.UnescapeDataString(reference[(reference.IndexOf('#') + 1)..]) : null;
            _titles.TryAdd((EpubPackage.Resolve(path, reference), string.IsNullOrEmpty(place) ? null : place), BookItems.Shorten(title));
        }
    }
}
