using System.Buffers;
using System.Text;

namespace CosyVoice.Text.Reading;

/// <summary>How the signs of an address are said in a language.</summary>
/// <param name="Signs">What each sign is called.</param>
/// <param name="Digits">How digits are said.</param>
/// <param name="Gap">What stands between the words.</param>
internal sealed record WebWords(IReadOnlyDictionary<char, string> Signs, Func<string, string> Digits, string Gap);

/// <summary>
/// Addresses of pages, of mail and names of files: the signs in them are said, the protocol is not. A name with points counts
/// if it begins with www. or ends in a known domain or kind of file.
/// </summary>
internal sealed class WebAddressRule(WebWords words) : IReadingRule
{
    private static readonly string[] Protocols = ["https://", "http://", "ftp://", "mailto:"];
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&*+;=%");

    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        "com", "org", "net", "edu", "gov", "io", "ai", "cn", "uk", "de", "fr", "jp", "us", "co", "info", "tv", "app", "dev", "me",
        "cc", "hk", "tw", "txt", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "csv", "json", "xml", "yaml", "html", "htm",
        "css", "js", "ts", "py", "cs", "cpp", "java", "exe", "zip", "jpg", "jpeg", "png", "gif", "svg", "mp3", "mp4", "wav", "flac",
        "md", "onnx", "sh", "go", "rs",
    };

    /// <summary>Whether a full stop begins the end of a name that stands alone: .NET, .com, .txt.</summary>
    public static bool IsEnding(Passage passage, int at) =>
        char.IsAsciiLetter(passage[at + 1]) && !char.IsAsciiLetterOrDigit(passage[at - 1]) && passage[at - 1] != '.'
            && Endings.Contains(passage.WordAt(at + 1));

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!char.IsAsciiLetterOrDigit(passage[at])
            || (at > 0 && AddressCharacters.Contains(passage[at - 1]) && passage[at - 1] is not (':' or '!' or '?' or '#')))
        {
            return 0;
        }

        var protocol = Protocols.FirstOrDefault(known => passage.HasIgnoringCase(at, known))?.Length ?? 0;
        var end = End(passage, at + protocol);
        var address = passage.Text.AsSpan(at + protocol, end - at - protocol);
        if (address.IsEmpty || (protocol == 0 && !IsAddress(address)))
        {
            return 0;
        }

        Say(address, spoken);
        return end - at;
    }

    /// <summary>Where the characters of addresses end; a mark that ends a sentence or clause is none of it.</summary>
    private static int End(Passage passage, int at)
    {
        var length = passage.Text.AsSpan(at).IndexOfAnyExcept(AddressCharacters);
        var end = length < 0 ? passage.Length : at + length;
        while (end > at && passage[end - 1] is '.' or ':' or ';' or '!' or '?' or '*' or '~' or '#' or '_')
        {
            end--;
        }

        return end;
    }

    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
        {
            return text.Length > 4;
        }

        var mail = text.IndexOf('@');
        var slash = text.IndexOfAny("/?#:");
        var host = text[(mail + 1)..(slash > mail ? slash : text.Length)];
        var point = host.LastIndexOf('.');
        if (point <= 0 || host.IndexOf("..", StringComparison.Ordinal) >= 0 || host.ContainsAnyExceptInRange('-', 'z'))
        {
            return false;
        }

        return mail > 0
            ? host.Length - point > 2
            : Endings.Contains(host[(point + 1)..].ToString()) && host[..point].ContainsAnyInRange('A', 'z') && !text.ContainsAny("!*&$;");
    }

    private void Say(ReadOnlySpan<char> address, StringBuilder spoken)
    {
        var isFirst = true;
        while (!address.IsEmpty)
        {
            var length = char.IsAsciiLetter(address[0]) ? Run(address, char.IsAsciiLetter)
                : char.IsAsciiDigit(address[0]) ? Run(address, char.IsAsciiDigit)
                : 1;
            var part = address[..length];
            var word = char.IsAsciiDigit(part[0]) ? words.Digits(part.ToString())
                : part.Equals("www", StringComparison.OrdinalIgnoreCase) ? (words.Gap.Length > 0 ? "WWW" : "www")
                : words.Signs.GetValueOrDefault(part[0], part.ToString());
            spoken.Append(isFirst ? "" : words.Gap).Append(word);
            isFirst = false;
            address = address[length..];
        }
    }

    private static int Run(ReadOnlySpan<char> text, Func<char, bool> isIn)
    {
        var length = 1;
        while (length < text.Length && isIn(text[length]))
        {
            length++;
        }

        return length;
    }
}
