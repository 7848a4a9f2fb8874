using System.Text;
using System.Xml;

namespace CosyOrleans.Service.Books;

/// <summary>What a reader would say of an XHTML document: its paragraphs in order, without what is there for the eye only.</summary>
internal static class XhtmlText
{
    private static readonly HashSet<string> Blocks =
    [
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "blockquote", "pre", "td", "th", "tr", "section", "article", "header",
        "footer", "figure", "figcaption", "body", "ul", "ol", "dl", "table", "hr", "aside", "caption", "center", "main",
    ];

    private static readonly HashSet<string> Silent =
        ["head", "script", "style", "svg", "math", "rt", "rp", "audio", "video", "object", "nav", "template"];

    private static readonly HashSet<string> SilentTypes = ["noteref", "pagebreak"];

    /// <param name="titleAt">Title of the chapter that begins at the element of an id, if one does.</param>
    public static List<Paragraph> Read(XmlReader reader, Func<string, string?> titleAt)
    {
        List<Paragraph> paragraphs = [];
        var text = new StringBuilder();
        string? chapter = null;
        void End()
        {
            if (Collapse(text.ToString()) is { Length: > 0 } content)
            {
                paragraphs.Add(new Paragraph(content, chapter));
                chapter = null;
            }

            text.Clear();
        }

        for (var more = reader.Read(); more;)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (Silent.Contains(reader.LocalName) || IsSilentType(reader))
                {
                    // Goes to what follows by itself.
                    reader.Skip();
                    more = !reader.EOF;
                    continue;
                }

                if (Blocks.Contains(reader.LocalName))
                {
                    End();
                }
                else if (reader.LocalName == "br")
                {
                    text.Append('\n');
                }

                if ((reader.GetAttribute("id") ?? reader.GetAttribute("name")) is { } id && titleAt(id) is { } title)
                {
                    End();
                    chapter = title;
                }
            }
            else if (reader.NodeType == XmlNodeType.EndElement && Blocks.Contains(reader.LocalName))
            {
                End();
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                text.Append(reader.Value);
            }

            more = reader.Read();
        }

        End();
        return paragraphs;
    }

    /// <summary>All text of an element, at whose end the reader stands then.</summary>
    public static string ContentOf(XmlReader reader)
    {
        var text = new StringBuilder();
        var depth = reader.Depth;
        while (!reader.IsEmptyElement && reader.Read() && reader.Depth > depth)
        {
            text.Append(reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace ? reader.Value : "");
        }

        return text.ToString();
    }

    /// <summary>Blanks and line ends as one blank, and as none between characters that are written without.</summary>
    public static string Collapse(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        var blank = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                blank = true;
                continue;
            }

            var between = blank && collapsed.Length > 0 && !(Sentences.IsIdeographic(collapsed[^1]) && Sentences.IsIdeographic(c));
            collapsed.Append(between ? " " : "").Append(c);
            blank = false;
        }

        return collapsed.ToString();
    }

    private static bool IsSilentType(XmlReader reader) =>
        reader.GetAttribute("type", "http://www.idpf.org/2007/ops") is { } types && types.Split(' ').Any(SilentTypes.Contains);
}

/// <param name="Chapter">Title of the chapter that begins with it.</param>
internal readonly record struct Paragraph(string Text, string? Chapter);
