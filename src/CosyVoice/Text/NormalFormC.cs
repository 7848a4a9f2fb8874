using System.Text;

namespace CosyVoice.Text;

/// <summary>
/// Unicode normal form C (UAX 15): decompose, put combining marks in order, compose. <see cref="string.Normalize()"/> needs the
/// ICU library and does nothing where globalization is invariant, as it is here so that nothing need be installed.
/// </summary>
internal static class NormalFormC
{
    // Nothing below the combining marks changes.
    private const char FirstUnstable = '\u0300';

    public static string Normalize(string text) => IsNormal(text) ? text : Compose(Reorder(Decompose(text)));

    private static bool IsNormal(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= FirstUnstable)
            {
                return CodePoints(text, i).All(CanonicalData.Instance.IsStable);
            }
        }

        return true;
    }

    private static List<int> Decompose(string text)
    {
        var result = new List<int>(text.Length + 8);
        foreach (var codePoint in CodePoints(text, 0))
        {
            Decompose(codePoint, result);
        }

        return result;
    }

    /// <summary>The table holds single steps; the deepest chain has four.</summary>
    private static void Decompose(int codePoint, List<int> result)
    {
        if (CanonicalData.Instance.Decompose(codePoint) is { } parts)
        {
            foreach (var part in parts)
            {
                Decompose(part, result);
            }
        }
        else if (Hangul.Decompose(codePoint) is { Length: > 0 } jamo)
        {
            result.AddRange(jamo);
        }
        else
        {
            result.Add(codePoint);
        }
    }

    /// <summary>Sorts every run of combining marks by class, equals keeping their order.</summary>
    private static List<int> Reorder(List<int> codePoints)
    {
        for (var start = 0; start < codePoints.Count; start++)
        {
            var end = start;
            while (end < codePoints.Count && CanonicalData.Instance.CombiningClass(codePoints[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] sorted = [.. codePoints[start..end].OrderBy(CanonicalData.Instance.CombiningClass)];
                sorted.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(codePoints)[start..]);
            }

            start = end;
        }

        return codePoints;
    }

    private static string Compose(List<int> codePoints)
    {
        var result = new List<int>(codePoints.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var codePoint in codePoints)
        {
            var combiningClass = CanonicalData.Instance.CombiningClass(codePoint);
            var blocked = lastClass != 0 && lastClass >= combiningClass;
            if (starter >= 0 && !blocked && CanonicalData.Instance.Compose(result[starter], codePoint) is { } composite)
            {
                result[starter] = composite;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = result.Count;
            }

            lastClass = combiningClass;
            result.Add(codePoint);
        }

        return ToText(result);
    }

    /// <summary>Half a surrogate pair counts as a code point, so that it comes out as it went in.</summary>
    private static IEnumerable<int> CodePoints(string text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                yield return char.ConvertToUtf32(text[i], text[i + 1]);
                i++;
            }
            else
            {
                yield return text[i];
            }
        }
    }

    private static string ToText(List<int> codePoints)
    {
        var text = new StringBuilder(codePoints.Count);
        foreach (var codePoint in codePoints)
        {
            if (codePoint <= char.MaxValue)
            {
                text.Append((char)codePoint);
            }
            else
            {
                text.Append(char.ConvertFromUtf32(codePoint));
            }
        }

        return text.ToString();
    }
}
