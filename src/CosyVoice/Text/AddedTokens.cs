using System.Buffers;

namespace CosyVoice.Text;

/// <summary>Finds tokens that stand in a text as they are written, such as [laughter]: the leftmost, of those the longest.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, (string Text, int Id)[]> _byFirst;
    private readonly SearchValues<char> _firsts;

    public AddedTokens(IReadOnlyDictionary<string, int> ids)
    {
        Texts = [.. ids.Keys];
        _byFirst = ids
            .Select(pair => (Text: pair.Key, Id: pair.Value))
            .GroupBy(token => token.Text[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Text.Length).ToArray());
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>All of them, as they are written.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Where the first one begins, its length and id; null where there is none.</summary>
    public (int Start, int Length, int Id)? FindFirst(ReadOnlySpan<char> text)
    {
        for (var start = 0; ; start++)
        {
            var step = text[start..].IndexOfAny(_firsts);
            if (step < 0)
            {
                return null;
            }

            start += step;
            foreach (var (token, id) in _byFirst[text[start]])
            {
                if (text[start..].StartsWith(token, StringComparison.Ordinal))
                {
                    return (start, token.Length, id);
                }
            }
        }
    }
}
