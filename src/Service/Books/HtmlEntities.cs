using System.Net;
using System.Text.RegularExpressions;

namespace CosyOrleans.Service.Books;

/// <summary>Names such as &amp;nbsp; that XHTML takes from a definition which is never fetched, as the characters they stand for.</summary>
internal static partial class HtmlEntities
{
    private static readonly HashSet<string> OfXml = ["amp", "lt", "gt", "quot", "apos"];

    public static string Replace(string text) => Name().Replace(text, match =>
        OfXml.Contains(match.Groups[1].Value) ? match.Value : WebUtility.HtmlDecode(match.Value));

    [GeneratedRegex("&([A-Za-z][A-Za-z0-9]{0,31});", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
