using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed class RowBlocksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void ForRows_AnyCount_TakesEveryRowOnceInBlocksOfAtMostTheSize(int threads)
    {
        using var workers = new Workers(threads);
        for (var rows = 0; rows < 60; rows++)
        {
            foreach (var blockRows in (int[])[1, 7, 16])
            {
                var taken = new int[rows];
                workers.ForRows(rows, blockRows, (start, end) =>
                {
                    Assert.InRange(end - start, 0, blockRows);
                    for (var row = start; row < end; row++)
                    {
                        Interlocked.Increment(ref taken[row]);
                    }
                });
                Assert.All(taken, count => Assert.Equal(1, count));
            }
        }
    }

    [Fact]
    public void ForRows_FewRows_OccupiesEveryThread()
    {
        using var workers = new Workers(2);
        var blocks = 0;
        workers.ForRows(10, 256, (_, _) => Interlocked.Increment(ref blocks));
        Assert.Equal(2, blocks);
    }
}
