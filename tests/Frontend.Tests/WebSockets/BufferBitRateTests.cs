using CosyOrleans.Frontend.WebSockets;

namespace CosyOrleans.Frontend.Tests.WebSockets;

public sealed class BufferBitRateTests
{
    [Fact]
    public void Report_BufferRunsDry_FallsAtOnceAndRisesStepByStep()
    {
        var rate = new BufferBitRate();
        Assert.Equal(32_000, rate.BitRate);
        Assert.Equal([12_000, 16_000, 24_000, 32_000, 48_000, 48_000, 16_000], new[] { 0, 5000, 5000, 5000, 5000, 5000, 299 }.Select(rate.Report));
    }

    [Theory]
    [InlineData(99, 12_000)]
    [InlineData(100, 16_000)]
    [InlineData(300, 24_000)]
    [InlineData(799, 24_000)]
    [InlineData(800, 32_000)]
    [InlineData(1999, 32_000)]
    [InlineData(2000, 48_000)]
    public void Report_FromTheBeginning_IsWhatSuits(int milliseconds, int expected) => Assert.Equal(expected, new BufferBitRate().Report(milliseconds));
}
