namespace CosyVoice.Models;

/// <summary>
/// Which keys a query sees. Streaming: those of its own chunk and of all before it, so that what follows a
/// complete chunk cannot change it. Otherwise all.
/// </summary>
/// <param name="ChunkSize">Positions per chunk; 0 sees everything.</param>
internal readonly record struct ChunkMask(int ChunkSize)
{
    public static ChunkMask None => default;

    /// <summary>How many of <paramref name="length"/> keys the query at <paramref name="position"/> sees.</summary>
    public int Limit(int position, int length) =>
        ChunkSize == 0 ? length : Math.Min(length, ((position / ChunkSize) + 1) * ChunkSize);
}
