namespace CosyVoice.Text;

/// <summary>Tokens and their ids.</summary>
internal sealed class Vocabulary(
    int[] byteIds,
    IReadOnlyDictionary<int, byte[]> bytesById,
    Dictionary<(int Left, int Right), (int Rank, int Joined)> pairs,
    IReadOnlyDictionary<string, int> addedIds)
{
    /// <summary>Which two tokens join to which third, and in what order.</summary>
    public Dictionary<(int Left, int Right), (int Rank, int Joined)> Pairs { get; } = pairs;

    public IReadOnlyDictionary<string, int> AddedIds { get; } = addedIds;

    /// <summary>One more than the highest id.</summary>
    public int Size { get; } = bytesById.Keys.Max() + 1;

    public int IdOf(byte value) => byteIds[value];

    public byte[] BytesOf(int id) => bytesById.TryGetValue(id, out var bytes)
        ? bytes
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has ids below {Size}.");
}
