using System.Globalization;
using System.Text;
using System.Text.Json;
using CosyVoice.Weights;

namespace CosyVoice.Text;

/// <summary>
/// Reads a Hugging Face byte-level tokenizer: vocab.json {token: id}, merges.txt (a pair per line, in rank order) and
/// tokenizer_config.json, whose added_tokens_decoder {id: token} gives ids of added tokens. Special tokens that none of them
/// lists get the ids that follow: the number of tokens before them.
/// </summary>
internal sealed class TokenizerFiles
{
    private const int HighestId = 10_000_000;

    private readonly string _folder;
    private readonly List<string> _problems = [];

    private TokenizerFiles(string folder) => _folder = folder;

    /// <exception cref="CheckpointException">Every problem at once.</exception>
    public static Vocabulary Read(string folder, IReadOnlyList<string> specialTokens)
    {
        var files = new TokenizerFiles(folder);
        var ids = files.ReadVocabulary();
        var pairs = files.ReadMerges(ids);
        var added = files.ReadAddedTokens();
        files.ThrowOnProblems();

        AddSpecialTokens(specialTokens, ids, added);
        int[] byteIds = [.. Enumerable.Range(0, 256).Select(value => files.IdOfByte((byte)value, ids))];
        var bytesById = files.BytesById(ids, added);
        files.ThrowOnProblems();
        return new Vocabulary(byteIds, bytesById, pairs, added);
    }

    private void ThrowOnProblems()
    {
        if (_problems.Count > 0)
        {
            throw new CheckpointException(_folder, _problems);
        }
    }

    private Dictionary<string, int> ReadVocabulary()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        ReadJson("vocab.json", root =>
        {
            foreach (var entry in root.EnumerateObject())
            {
                ids[entry.Name] = CheckedId(entry.Value.GetInt32());
            }
        });
        return ids;
    }

    private Dictionary<string, int> ReadAddedTokens()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        ReadJson("tokenizer_config.json", root =>
        {
            if (!root.TryGetProperty("added_tokens_decoder", out var added))
            {
                return;
            }

            foreach (var entry in added.EnumerateObject())
            {
                var content = entry.Value.GetProperty("content").GetString();
                ids[string.IsNullOrEmpty(content) ? throw new FormatException("an added token is empty") : content] =
                    CheckedId(int.Parse(entry.Name, CultureInfo.InvariantCulture));
            }
        });
        return ids;
    }

    private Dictionary<(int Left, int Right), (int Rank, int Joined)> ReadMerges(Dictionary<string, int> ids)
    {
        var pairs = new Dictionary<(int Left, int Right), (int Rank, int Joined)>(ids.Count);
        var number = 0;
        foreach (var line in ReadLines("merges.txt"))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                continue;
            }

            if (line.Split(' ') is [var left, var right]
                && ids.TryGetValue(left, out var leftId)
                && ids.TryGetValue(right, out var rightId)
                && ids.TryGetValue(left + right, out var joined))
            {
                pairs.TryAdd((leftId, rightId), (number, joined));
            }
            else
            {
                _problems.Add($"merges.txt: line {number} '{line}' is not two tokens of vocab.json that join to a third");
            }
        }

        return pairs;
    }

    private static void AddSpecialTokens(IReadOnlyList<string> specialTokens, Dictionary<string, int> ids, Dictionary<string, int> added)
    {
        var count = ids.Keys.Union(added.Keys).Count();
        foreach (var token in specialTokens.Where(token => !added.ContainsKey(token)))
        {
            added.Add(token, ids.TryGetValue(token, out var id) ? id : count++);
        }
    }

    private int IdOfByte(byte value, Dictionary<string, int> ids)
    {
        if (!ids.TryGetValue($"{ByteAlphabet.CharacterOf(value)}", out var id))
        {
            _problems.Add($"vocab.json: no token for the byte 0x{value:x2}");
        }

        return id;
    }

    private Dictionary<int, byte[]> BytesById(Dictionary<string, int> ids, Dictionary<string, int> added)
    {
        var bytes = added.GroupBy(pair => pair.Value).ToDictionary(group => group.Key, group => Encoding.UTF8.GetBytes(group.First().Key));
        foreach (var (token, id) in ids)
        {
            if (!bytes.TryAdd(id, ByteAlphabet.BytesOf(token) ?? Encoding.UTF8.GetBytes(token)) && !added.ContainsKey(token))
            {
                _problems.Add($"vocab.json: the id {id} of '{token}' belongs to another token as well");
            }
        }

        return bytes;
    }

    private void ReadJson(string name, Action<JsonElement> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, name)));
            read(document.RootElement);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException
            or OverflowException or InvalidOperationException or KeyNotFoundException)
        {
            _problems.Add($"{name}: cannot be read: {error.Message}");
        }
    }

    private string[] ReadLines(string name)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(_folder, name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{name}: cannot be read: {error.Message}");
            return [];
        }
    }

    private static int CheckedId(int id) =>
        id is >= 0 and <= HighestId ? id : throw new FormatException($"the id {id} is not in 0..{HighestId}");
}
