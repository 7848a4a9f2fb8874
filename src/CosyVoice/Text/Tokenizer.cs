using System.Text;

namespace CosyVoice.Text;

/// <summary>
/// Qwen2's byte-level byte-pair encoding with the tokens that CosyVoice adds. Added tokens are cut out first, as they are
/// written; what lies between is brought into normal form C, cut into pieces and encoded. Nothing is added at either end.
/// Safe for use by several threads.
/// </summary>
public sealed class Tokenizer
{
    private readonly Vocabulary _vocabulary;
    internal Tokenizer(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        Added = new AddedTokens(vocabulary.AddedIds);
    }

    /// <summary>One more than the highest id.</summary>
    public int VocabularySize => _vocabulary.Size;

    internal AddedTokens Added { get; }

    /// <summary>Reads vocab.json, merges.txt and tokenizer_config.json of a folder, and adds the tokens of CosyVoice 2.</summary>
    /// <exception cref="Weights.CheckpointException">A file is missing or not as expected; every problem at once.</exception>
    public static Tokenizer ForCosyVoice2(string folder) => new(TokenizerFiles.Read(folder, SpecialTokens.CosyVoice2));

    /// <summary>As <see cref="ForCosyVoice2"/>, with the phonemes that CosyVoice 3 adds.</summary>
    public static Tokenizer ForCosyVoice3(string folder) => new(TokenizerFiles.Read(folder, SpecialTokens.CosyVoice3));

    /// <summary>The id of an added token such as <c>&lt;|endofprompt|&gt;</c>; null where there is none of this name.</summary>
    public int? IdOf(string addedToken) => _vocabulary.AddedIds.TryGetValue(addedToken, out var id) ? id : null;

    /// <summary>Any text has an encoding; half a surrogate pair counts as U+FFFD.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length);
        var pairs = new BytePairs(_vocabulary.Pairs);
        var rest = text.AsSpan();
        while (Added.FindFirst(rest) is { } found)
        {
            EncodePlain(rest[..found.Start], pairs, ids);
            ids.Add(found.Id);
            rest = rest[(found.Start + found.Length)..];
        }

        EncodePlain(rest, pairs, ids);
        return [.. ids];
    }

    /// <summary>The text that ids stand for, for messages; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(4 * ids.Length);
        foreach (var id in ids)
        {
            bytes.AddRange(_vocabulary.BytesOf(id));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private void EncodePlain(ReadOnlySpan<char> text, BytePairs pairs, List<int> ids)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var rest = NormalFormC.Normalize(text.ToString()).AsSpan();
        while (!rest.IsEmpty)
        {
            var length = PieceSplitter.FirstLength(rest);
            EncodePiece(rest[..length], pairs, ids);
            rest = rest[length..];
        }
    }

    private void EncodePiece(ReadOnlySpan<char> piece, BytePairs pairs, List<int> ids)
    {
        const int OnStack = 256;
        var count = Encoding.UTF8.GetByteCount(piece);
        var bytes = count <= OnStack ? stackalloc byte[count] : new byte[count];
        var tokens = count <= OnStack ? stackalloc int[count] : new int[count];
        Encoding.UTF8.GetBytes(piece, bytes);
        for (var i = 0; i < count; i++)
        {
            tokens[i] = _vocabulary.IdOf(bytes[i]);
        }

        pairs.Join(tokens, ids);
    }
}
