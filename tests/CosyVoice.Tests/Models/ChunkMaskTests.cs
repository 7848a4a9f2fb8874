using CosyVoice.Models;

namespace CosyVoice.Tests.Models;

public sealed class ChunkMaskTests
{
    [Theory]
    [InlineData(0, 3, 10, 10)]
    [InlineData(4, 0, 10, 4)]
    [InlineData(4, 3, 10, 4)]
    [InlineData(4, 4, 10, 8)]
    [InlineData(4, 9, 10, 10)]
    public void Limit_Position_IsTheEndOfItsChunk(int chunk, int position, int length, int limit) =>
        Assert.Equal(limit, new ChunkMask(chunk).Limit(position, length));
}
