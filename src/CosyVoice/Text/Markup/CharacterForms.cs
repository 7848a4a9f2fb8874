using System.Text;

namespace CosyVoice.Text.Markup;

/// <summary>Other forms of digits, letters and signs become the ordinary ones: １２ 12, ㎡ m², ½ 1/2, № No.</summary>
internal static class CharacterForms
{
    private static readonly Dictionary<char, string> Forms = new()
    {
        ['％'] = "%", ['＄'] = "$", ['＋'] = "+", ['－'] = "-", ['／'] = "/", ['＝'] = "=", ['＠'] = "@", ['＃'] = "#", ['＆'] = "&", ['＊'] = "*",
        ['．'] = ".",
        ['㎡'] = "m²", ['㎥'] = "m³", ['㎞'] = "km", ['㎝'] = "cm", ['㎜'] = "mm", ['㎏'] = "kg", ['㎎'] = "mg", ['㎖'] = "ml", ['㏄'] = "cc",
        ['㏒'] = "log",
        ['№'] = "No. ", ['µ'] = "μ", ['Ω'] = "Ω", ['\u00a0'] = " ", ['\u3000'] = " ", ['\u202f'] = " ", ['\u2009'] = " ",
        ['\u00ad'] = "", ['\u200b'] = "",
        ['\ufeff'] = "", ['\t'] = " ", ['⁄'] = "/", ['∕'] = "/", ['∶'] = ":", ['⅟'] = "1/", ['﹣'] = "-", ['﹪'] = "%", ['‑'] = "-",
        ['‐'] = "-",
        ['\u2028'] = "\n", ['\u2029'] = "\n\n", ['\u0085'] = "\n", ['\v'] = "\n", ['\f'] = "\n\n", ['ﬁ'] = "fi", ['ﬂ'] = "fl", ['ﬀ'] = "ff",
    };

    private static readonly Dictionary<char, string> Fractions = new()
    {
        ['½'] = "1/2", ['⅓'] = "1/3", ['⅔'] = "2/3", ['¼'] = "1/4", ['¾'] = "3/4", ['⅕'] = "1/5", ['⅖'] = "2/5", ['⅗'] = "3/5",
        ['⅘'] = "4/5", ['⅙'] = "1/6",
        ['⅚'] = "5/6", ['⅛'] = "1/8", ['⅜'] = "3/8", ['⅝'] = "5/8", ['⅞'] = "7/8", ['⅐'] = "1/7", ['⅑'] = "1/9", ['⅒'] = "1/10",
    };

    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character is (>= '０' and <= '９') or (>= 'Ａ' and <= 'Ｚ') or (>= 'ａ' and <= 'ｚ'))
            {
                result.Append((char)(character - '０' + '0'));
            }
            else if (Fractions.TryGetValue(character, out var fraction))
            {
                result.Append(result.Length > 0 && char.IsAsciiDigit(result[^1]) ? " " : "").Append(fraction);
            }
            else if (character == '\r')
            {
                result.Append(at + 1 < text.Length && text[at + 1] == '\n' ? "" : "\n");
            }
            else if (Forms.TryGetValue(character, out var form))
            {
                result.Append(form);
            }
            else
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }
}
