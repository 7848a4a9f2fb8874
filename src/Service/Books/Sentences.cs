using System.Text;

namespace CosyOrleans.Service.Books;

/// <summary>Cuts texts into sentences, and those that are too long to be spoken at once into shorter ones.</summary>
internal static class Sentences
{
    private const string Ends = "。！？!?…";
    private const string Closings = "\"'”’」』）)]】》";

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "etc", "no", "vol", "fig", "e.g", "i.e", "cf", "approx",
    };

    /// <summary>Whether there is a letter, character or digit in it; ornaments between chapters have none.</summary>
    public static bool AreIn(string text) => text.EnumerateRunes().Any(Rune.IsLetterOrDigit);

    /// <summary>The sentences of a paragraph, with their marks and closing quotes, without blanks around them.</summary>
    public static IEnumerable<string> Of(string paragraph)
    {
        var start = 0;
        for (var i = 0; i < paragraph.Length; i++)
        {
            if (!IsEnd(paragraph, start, i))
            {
                continue;
            }

            while (i + 1 < paragraph.Length && (Ends.Contains(paragraph[i + 1]) || paragraph[i + 1] == '.' || Closings.Contains(paragraph[i + 1])))
            {
                i++;
            }

            yield return paragraph[start..(i + 1)].Trim();
            start = i + 1;
        }

        if (paragraph[start..].Trim() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    /// <summary>A paragraph in pieces of at most so many characters, cut between sentences, or else at blanks, or else anywhere.</summary>
    public static IEnumerable<string> Fit(string paragraph, int longest)
    {
        if (paragraph.Length <= longest)
        {
            yield return paragraph;
            yield break;
        }

        foreach (var piece in Join(Of(paragraph).SelectMany(sentence => Cut(sentence, longest)), longest, " "))
        {
            yield return piece;
        }
    }

    /// <summary>Joins neighbours as long as the result has at most so many characters.</summary>
    public static IEnumerable<string> Join(IEnumerable<string> texts, int longest, string between)
    {
        var joined = new StringBuilder();
        foreach (var text in texts)
        {
            if (joined.Length > 0 && joined.Length + between.Length + text.Length > longest)
            {
                yield return joined.ToString();
                joined.Clear();
            }

            joined.Append(joined.Length > 0 && !(between == " " && IsIdeographic(joined[^1])) ? between : "").Append(text);
        }

        if (joined.Length > 0)
        {
            yield return joined.ToString();
        }
    }

    /// <summary>Whether lines that end in it are joined without a blank.</summary>
    public static bool IsIdeographic(char c) => c is (>= '\u2E80' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF00' and <= '\uFF65');

    private static bool IsEnd(string text, int start, int at)
    {
        if (Ends.Contains(text[at]))
        {
            return true;
        }

        if (text[at] != '.' || (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]) && !Closings.Contains(text[at + 1])))
        {
            return false;
        }

        var word = text[(text.LastIndexOf(' ', at, at - start + 1) + 1)..at].TrimStart('"', '(', '“', '‘');
        var isInitial = word.Length == 1 && char.IsUpper(word[0]);
        return !isInitial && !Abbreviations.Contains(word);
    }

    private static IEnumerable<string> Cut(string sentence, int longest)
    {
        while (sentence.Length > longest)
        {
            var at = sentence.LastIndexOf(' ', longest - 1);
            at = at > 0 ? at : char.IsHighSurrogate(sentence[longest - 1]) ? longest - 1 : longest;
            yield return sentence[..at].Trim();
            sentence = sentence[at..].Trim();
        }

        yield return sentence;
    }
}
