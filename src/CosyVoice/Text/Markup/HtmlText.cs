using System.Net;
using System.Text;

namespace CosyVoice.Text.Markup;

/// <summary>
/// HTML and SSML become text: tags go, those of blocks end a line, scripts, styles and comments go with what they hold, a picture
/// is its description, entities are the characters that they name. What is no known tag, as in a &lt; b, stays.
/// </summary>
internal static class HtmlText
{
    private const int LongestTag = 2_000;

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section", "article", "header", "footer",
        "blockquote", "pre", "title", "dt", "dd", "dl", "figure", "figcaption", "main", "nav", "aside", "form", "speak", "hr",
        "thead", "tbody", "caption", "option",
    };

    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "b", "i", "s", "u", "em", "strong", "span", "small", "big", "sub", "sup", "mark", "del", "ins", "code", "kbd", "samp",
        "var", "q", "cite", "abbr", "font", "label", "img", "br", "td", "th", "html", "head", "body", "meta", "link", "script",
        "style", "input", "button", "select", "textarea", "video", "audio", "source", "iframe", "svg", "path", "canvas", "center",
        "strike", "tt", "ruby", "rt", "rp", "rb", "time", "wbr", "details", "summary", "bdi", "bdo", "break", "prosody", "emphasis",
        "voice", "phoneme", "say-as", "sentence", "lang", "mstts", "noscript", "template", "picture", "map", "area", "col",
        "colgroup",
    };

    public static string ToPlain(string text)
    {
        if (!text.AsSpan().ContainsAny('<', '&'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var hiddenEnds = new HiddenEnds(text);
        for (var at = 0; at < text.Length;)
        {
            var next = text[at] == '<' ? Skip(text, at, result, hiddenEnds) : at;
            if (next == at)
            {
                result.Append(text[at]);
                next++;
            }

            at = next;
        }

        return WebUtility.HtmlDecode(result.ToString()).Replace('\u00a0', ' ');
    }

    /// <summary>The position behind the tag that begins here; the same where none does.</summary>
    private static int Skip(string text, int at, StringBuilder result, HiddenEnds hiddenEnds)
    {
        if (text.AsSpan(at).StartsWith("<!--"))
        {
            return hiddenEnds.After("-->", at) ?? at;
        }

        var nameAt = at + (at + 1 < text.Length && text[at + 1] == '/' ? 2 : 1);
        var nameEnd = nameAt;
        while (nameEnd < text.Length && nameEnd - nameAt < 12 && (char.IsAsciiLetterOrDigit(text[nameEnd]) || text[nameEnd] == '-'))
        {
            nameEnd++;
        }

        var name = text[nameAt..nameEnd];
        var isBlock = Blocks.Contains(name);
        if ((!isBlock && !Inline.Contains(name)) || End(text, nameEnd) is not { } end)
        {
            return at;
        }

        if (nameAt == at + 1 && name.ToLowerInvariant() is "script" or "style" && hiddenEnds.After($"</{name}>", end) is { } hidden)
        {
            return hidden;
        }

        Say(name.ToLowerInvariant(), isBlock, nameAt > at + 1, text[nameEnd..end], result);
        return end;
    }

    private static void Say(string name, bool isBlock, bool isClosing, string attributes, StringBuilder result)
    {
        if (isBlock)
        {
            result.Append("\n\n");
        }
        else if (name == "br" || (name == "break" && !isClosing))
        {
            result.Append('\n');
        }
        else if (name is "td" or "th" && isClosing)
        {
            result.Append(MarkdownText.CellEnd);
        }
        else if (name == "img" && Attribute(attributes, "alt=") is { Length: > 0 } description)
        {
            result.Append(description);
        }
    }

    /// <summary>A tag ends at the next &gt;; another &lt; before that, or something that is no attribute, makes it none.</summary>
    private static int? End(string text, int nameEnd)
    {
        var span = text.AsSpan(nameEnd, Math.Min(LongestTag, text.Length - nameEnd));
        var end = span.IndexOfAny('<', '>');
        return end >= 0 && span[end] == '>' && (end == 0 || char.IsWhiteSpace(span[0]) || span[0] == '/') ? nameEnd + end + 1 : null;
    }

    private static string? Attribute(string attributes, string name)
    {
        var at = attributes.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        if (at < name.Length || at >= attributes.Length || attributes[at] is not ('"' or '\''))
        {
            return null;
        }

        var end = attributes.IndexOf(attributes[at], at + 1);
        return end < 0 ? null : attributes[(at + 1)..end];
    }

    /// <summary>
    /// Looks for ends of what is hidden, and never again for one that no longer comes, so that many beginnings cost little.
    /// </summary>
    private sealed class HiddenEnds(string text)
    {
        private readonly HashSet<string> _missing = new(StringComparer.OrdinalIgnoreCase);

        public int? After(string end, int at)
        {
            var found = _missing.Contains(end) ? -1 : text.IndexOf(end, at, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                _missing.Add(end);
                return null;
            }

            return found + end.Length;
        }
    }
}
