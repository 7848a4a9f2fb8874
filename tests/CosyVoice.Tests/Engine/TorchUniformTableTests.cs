using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

public sealed class TorchUniformTableTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(239_990, 20)]
    [InlineData(100_000, 400_000)]
    [InlineData(1_000_003, 7)]
    public void Fill_AnyPlace_IsTheGeneratorsSequence(int first, int count)
    {
        var random = new TorchRandom(5);
        random.Skip(1000 + first);
        var expected = new float[count];
        random.Uniform(expected);
        var table = new TorchUniformTable(seed: 5, skip: 1000);

        foreach (var _ in (int[])[1, 2])
        {
            var got = new float[count];
            table.Fill(first, got);
            Assert.Equal(expected, got);
        }
    }
}
